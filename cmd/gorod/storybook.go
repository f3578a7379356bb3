package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"gorod/internal/channel/web"
	"gorod/internal/platform/locale"
)

type storybookCommand struct {
	Listen string `help:"Address to listen on." default:"127.0.0.1:8081"`
}

// Run serves every page in every state, without a city behind it.
func (c *storybookCommand) Run(con *console) error {
	cat, err := locale.Shipped()
	if err != nil {
		return err
	}
	pages, err := web.NewStorybook(cat)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: pages, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-con.ctx.Done()
		server.Shutdown(context.WithoutCancel(con.ctx)) // a story has no request worth waiting for
	}()
	fmt.Fprintf(con.out, "Every page in every state: http://%s/story/\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
