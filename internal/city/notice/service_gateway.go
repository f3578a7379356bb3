package notice

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gorod/internal/platform/job"
	"gorod/internal/platform/see"
)

// HTTPGateway is a Gateway that posts to a provider of SMS; most of them differ
// only in the names of fields, so those are configuration.
type HTTPGateway struct {
	URL string
	// Fields are the names and values to post: {phone} (+79213456789), {digits}
	// (79213456789) and {text} stand for what they say, in a value only.
	Fields map[string]see.Secret
	// Headers go with the request: Authorization, for one.
	Headers map[string]see.Secret
	// JSON posts an object of texts instead of a form.
	JSON bool
	// Expect must be in the answer, for providers that refuse with 200; "" any.
	Expect string
	Client *http.Client // nil: ten seconds, no redirects
}

// Send implements Gateway.
func (g HTTPGateway) Send(ctx context.Context, phone, text string) error {
	request, err := g.request(ctx, phone, text)
	if err != nil {
		return err
	}
	answer, err := g.client().Do(request)
	if err != nil {
		// The error's text has the address with its query, where keys may stand.
		var inside *url.Error
		if errors.As(err, &inside) {
			err = inside.Err
		}
		return fmt.Errorf("reach SMS gateway: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("read answer of SMS gateway: %w", err)
	}
	return g.judge(answer.StatusCode, string(body))
}

// judge tells success, a refusal for now and one for good. Not a word of the
// answer is repeated: it may hold the phone.
func (g HTTPGateway) judge(status int, body string) error {
	switch {
	case status >= 200 && status < 300 && strings.Contains(body, g.Expect):
		return nil
	case status >= 200 && status < 300:
		return errors.New("the SMS gateway did not answer as expected")
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity:
		return fmt.Errorf("the SMS gateway refused for good: %d: %w", status, job.ErrHopeless)
	}
	return fmt.Errorf("the SMS gateway refused for now: %d", status)
}

func (g HTTPGateway) request(ctx context.Context, phone, text string) (*http.Request, error) {
	fill := strings.NewReplacer("{phone}", phone, "{digits}", strings.TrimPrefix(phone, "+"), "{text}", text)
	var body bytes.Buffer
	kind := "application/x-www-form-urlencoded"
	if g.JSON {
		kind = "application/json"
		object := map[string]string{}
		for name, value := range g.Fields {
			object[name] = fill.Replace(value.Reveal())
		}
		if err := json.NewEncoder(&body).Encode(object); err != nil {
			return nil, fmt.Errorf("write SMS: %w", err)
		}
	} else {
		form := url.Values{}
		for name, value := range g.Fields {
			form.Set(name, fill.Replace(value.Reveal()))
		}
		body.WriteString(form.Encode())
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, &body)
	if err != nil {
		return nil, errors.New("the address of the SMS gateway cannot be read")
	}
	request.Header.Set("Content-Type", kind)
	for name, value := range g.Headers {
		request.Header.Set(name, value.Reveal())
	}
	return request, nil
}

func (g HTTPGateway) client() *http.Client {
	if g.Client != nil {
		return g.Client
	}
	return &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
