package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/platform/sqldb"
)

// app is somebody's phone with an authenticator app.
type app struct {
	d      *desks
	secret string
}

func (a app) code(later time.Duration) string {
	a.d.t.Helper()
	code, err := totp.GenerateCode(a.secret, a.d.clock.Now().Add(later))
	if err != nil {
		a.d.t.Fatal(err)
	}
	return code
}

// protect sets up a second factor of who has signed in.
func (d *desks) protect(v *webtest.Visitor) (app, []string) {
	d.t.Helper()
	start := v.Get("/staff/security").Is(200).Form("form[action='/staff/security/start']")
	page := v.Post("/staff/security/start", start).Next().Is(200)
	a := app{d, strings.ReplaceAll(page.All(".secret")[0], " ", "")}
	form := page.Form("form[action='/staff/security']")
	form.Set("code", a.code(0))
	codes := v.Post("/staff/security", form).Is(200).All(".recovery code")
	d.clock.Pass(time.Minute)
	return a, codes
}

// rule changes what the city says of the second factor.
func (d *desks) rule(mode string, roles ...string) {
	d.t.Helper()
	err := d.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		c, err := d.Places.CityIn(tx, d.Here.ID)
		if err != nil {
			return err
		}
		c.Settings.SecondFactor, c.Settings.SecondFactorRoles = mode, roles
		return d.Places.SaveCityIn(tx, c)
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// typed is a password typed at the staff's door.
func typed(login string) webtest.Form {
	return webtest.Form{"login": {login}, "password": {webtest.Password}, "back": {"/staff/moderation"}}
}

func TestTheStaffSignInWithASecondFactor(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		v := d.As("moderator-1")
		v.Get("/staff").Is(200).Has(".desk-own", "только по паролю")
		phone, codes := d.protect(v)
		v.Get("/staff").Is(200).Has(".desk-own", "подключён")
		v.Get("/staff/security").Is(200).Has("main", "Осталось 10 кодов").Lacks("main", phone.secret[:8]).Lacks("main", codes[0])

		door := d.Guest()
		page := door.Post("/signin/staff", typed("moderator-1")).Next().Is(200)
		if page.Attr("#code", "autocomplete") != "one-time-code" || page.Attr("#code", "inputmode") != "numeric" {
			t.Error("a phone cannot help with the code")
		}
		door.Get("/staff").Is(http.StatusSeeOther) // nobody is signed in yet
		door.Get("/cabinet").Is(http.StatusSeeOther)
		form := page.Form("form[action='/signin/second']")
		form.Set("code", "000000")
		page = door.Post("/signin/second", form).Is(422).Has(".field-error", "не подходит")
		form = page.Form("form[action='/signin/second']")
		code := phone.code(0)
		form.Set("code", code)
		d.Guest().Post("/signin/second", form).Is(http.StatusSeeOther) // another browser has no ticket
		if to := door.Post("/signin/second", form).To(); to != "/staff/moderation" {
			t.Errorf("leads to %s", to)
		}
		door.Get("/staff/moderation").Is(200)
		if to := door.Post("/signin/second", form).To(); !strings.HasPrefix(to, "/signin/staff") {
			t.Errorf("a ticket opens twice: %s", to)
		}

		thief := d.Guest()
		thief.Post("/signin/staff", typed("moderator-1")).Next().Is(200)
		thief.Post("/signin/second", form).Is(422).Has(".field-error", "уже сработал")

		lost := d.Guest()
		page = lost.Post("/signin/staff", typed("moderator-1")).Next().Is(200).Has("a", "Введите код восстановления")
		page = lost.Get(page.Attr("a[href*='by=recovery']", "href")).Is(200).Has("h1", "восстановления")
		form = page.Form("form[action='/signin/second']")
		form.Set("code", codes[0])
		lost.Post("/signin/second", form).Next().Is(200)
		lost.Get("/staff/security").Is(200).Has("main", "Осталось 9 кодов")
		for _, secret := range []string{phone.secret, code, codes[0]} {
			if strings.Contains(d.Logged(), secret) {
				t.Errorf("%s is in the log", secret)
			}
		}
	})
}

func TestWrongCodesLockTheSignIn(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		phone, _ := d.protect(d.As("moderator-1"))
		door := d.Guest()
		door.Post("/signin/staff", typed("moderator-1")).Is(http.StatusSeeOther)
		for range 5 {
			door.Post("/signin/second", webtest.Form{"code": {"000000"}}).Is(422)
		}
		door.Post("/signin/second", webtest.Form{"code": {phone.code(0)}}).Is(http.StatusTooManyRequests).Has(".field-error", "15 минут")
		door.Post("/signin/staff", typed("moderator-1")).Is(http.StatusTooManyRequests).Has(".field-error", "15 минут")
		d.clock.Pass(15*time.Minute + time.Second)
		door.Get("/signin/second").Next().Is(200).Has("[data-flash]", "Введите пароль ещё раз")
		door.Post("/signin/staff", typed("moderator-1")).Is(http.StatusSeeOther)
		door.Post("/signin/second", webtest.Form{"code": {phone.code(0)}}).Next().Is(200)
	})
}

func TestWhereASecondFactorIsRequiredNothingElseIsOpen(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		d.rule("required", "moderator")
		d.As("analyst").Get("/staff").Is(200).Has(".desk-own", "только по паролю")
		v := d.Guest()
		if to := v.Post("/signin/staff", typed("moderator-1")).To(); to != "/staff/security" {
			t.Fatalf("leads to %s", to)
		}
		for _, address := range []string{"/", "/staff", "/staff/moderation", "/cabinet", "/map", "/problem/1", "/cabinet/export"} {
			if to := v.Get(address).To(); to != "/staff/security" {
				t.Errorf("%s leads to %s", address, to)
			}
		}
		for _, address := range []string{"/staff/moderation/1", "/problem/1/join", "/report", "/cabinet/contact"} {
			v.Post(address, webtest.Form{}).Is(http.StatusForbidden).Has("main", "Сначала подключите")
		}
		v.Get("/staff/security").Is(200).Has("main", "С вашей ролью").Has("button", "Выйти").Lacks("a", "К рабочим местам")
		phone, codes := d.protect(v)
		if len(codes) != 10 {
			t.Errorf("%d codes", len(codes))
		}
		v.Get("/staff/moderation").Is(200)
		form := v.Get("/staff/security").Is(200).Form("form[action='/staff/security/change']")
		form.Set("password", webtest.Password)
		form.Set("code", phone.code(0))
		form.Set("do", "off")
		v.Post("/staff/security/change", form).Next().Is(200).Has("[data-flash]", "отключён").Has("main", "С вашей ролью")
		v.Get("/staff").Is(http.StatusSeeOther)
		d.rule("off")
		v.Get("/staff").Is(200).Lacks("main", "Защита входа")
		v.Get("/staff/security").Is(200).Has("main", "без второго фактора")
		v.Post("/staff/security/start", webtest.Form{}).Is(http.StatusGone)
	})
}

func TestTheSecondFactorIsChangedWithPasswordAndCodeOnly(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		v := d.As("moderator-1")
		phone, codes := d.protect(v)
		form := v.Get("/staff/security").Is(200).Form("form[action='/staff/security/change']")
		form.Set("password", "not this one at all")
		form.Set("code", phone.code(0))
		form.Set("do", "off")
		v.Post("/staff/security/change", form).Is(422).Has(".field-error", "Пароль")
		form.Set("password", webtest.Password)
		form.Set("code", "000000")
		v.Post("/staff/security/change", form).Is(422).Has(".field-error", "не подходит")
		form.Set("code", phone.code(0))
		form.Set("do", "codes")
		fresh := v.Post("/staff/security/change", form).Is(200).All(".recovery code")
		again := v.Post("/staff/security/change", form).Is(200).All(".recovery code")
		if len(fresh) != 10 || fmt.Sprint(fresh) != fmt.Sprint(again) || fresh[0] == codes[0] {
			t.Errorf("codes %v, sent again %v", fresh, again)
		}
		form.Set("code", fresh[0])
		form.Set("do", "off")
		v.Post("/staff/security/change", form).Next().Is(200).Has("[data-flash]", "отключён").Has("button", "Подключить")
		v.Post("/staff/security/change", form).Next().Is(200) // sent twice: off is off
	})
}

func TestSettingUpShowsItsPictureToItsOwnSession(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		v, other := d.As("moderator-1"), d.As("moderator-1")
		v.Get("/staff/security/qr.png").Is(http.StatusNotFound)
		form := v.Get("/staff/security").Is(200).Form("form[action='/staff/security/start']")
		v.Post("/staff/security/start", form).Is(http.StatusSeeOther)
		v.Post("/staff/security/start", form).Is(http.StatusSeeOther)
		page := v.Get("/staff/security").Is(200)
		if groups := strings.Fields(page.All(".secret")[0]); len(groups) != 8 || len(groups[0]) != 4 {
			t.Errorf("the secret is %v", groups)
		}
		picture := v.Get(page.Attr("img.qr", "src")).Is(200)
		if picture.Header.Get("Cache-Control") != "no-store" || picture.Header.Get("Content-Type") != "image/png" {
			t.Errorf("headers %v", picture.Header)
		}
		drawn, err := png.Decode(bytes.NewReader([]byte(picture.Body)))
		if err != nil {
			t.Fatal(err)
		}
		if drawn.Bounds() != image.Rect(0, 0, 368, 368) || page.Attr("img.qr", "width") != "368" {
			t.Errorf("the picture is %v", drawn.Bounds())
		}
		for i := range 24 { // the quiet border
			if r, _, _, _ := drawn.At(i, i).RGBA(); r != 0xffff {
				t.Fatalf("the border is dark at %d", i)
			}
		}
		other.Get("/staff/security/qr.png").Is(http.StatusNotFound)
		other.Get("/staff/security").Is(200).Has("button", "Подключить").Lacks("main", "Наведите камеру")
		d.Guest().Get("/staff/security/qr.png").Is(http.StatusSeeOther)
		d.Resident("anna@example.org").Get("/staff/security").Is(http.StatusForbidden)
		form = page.Form("form[action='/staff/security']")
		form.Set("code", "12")
		v.Post("/staff/security", form).Is(422).Has(".field-error", "не подходит").Has(".secret", page.All(".secret")[0])
		d.clock.Pass(31 * time.Minute)
		v.Post("/staff/security", form).Is(http.StatusGone).Has(".errors", "Начните ещё раз").Has("button", "Подключить")
	})
}

func TestAnAdministratorResetsALostSecondFactor(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		v, admin := d.As("moderator-1"), d.As("admin")
		d.protect(v)
		page := admin.Get("/staff/people?q=moderator-1").Is(200).Lacks("tbody", "без второго фактора")
		page = admin.Get(page.Attr("tbody a", "href")).Is(200)
		address := page.Attr("form[action$='/second']", "action")
		v.Post(address, webtest.Form{}).Is(http.StatusForbidden)
		page = admin.Post(address, page.Form("form[action$='/second']")).Next().Is(200).Has("[data-flash]", "сброшен")
		if len(page.All("form[action$='/second']")) != 0 {
			t.Error("there is nothing to reset any more")
		}
		v.Get("/staff").Is(http.StatusSeeOther) // the session has ended
		d.As("moderator-1").Get("/staff").Is(200)
		admin.Get("/staff/audit").Is(200).Has("tbody", "Сброшен второй фактор").Has("tbody", "Подключён второй фактор")
		d.protect(admin)
		own := admin.Get("/staff/people?q=admin").Is(200)
		page = admin.Get(own.Attr("tbody a[href^='/staff/people/']", "href")).Is(200)
		if len(page.All("form[action$='/second']")) != 0 {
			t.Error("one's own is offered for a reset without password and code")
		}
		admin.Post(own.Attr("tbody a[href^='/staff/people/']", "href")+"/second", webtest.Form{}).Is(http.StatusForbidden)
	})
}

func TestASecondFactorIsSetUpInEnglishToo(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		v := d.As("moderator-1")
		v.Lang = "en"
		v.Get("/staff/security").Is(200).Has("h1", "Sign-in protection")
		d.protect(v)
		v.Get("/staff/security").Is(200).Has("main", "10 recovery codes are left")
		door := d.Guest()
		door.Lang = "en"
		door.Post("/signin/staff", typed("moderator-1")).Next().Is(200).Has("h1", "Enter the code").Has("a", "Enter a recovery code")
	})
}
