package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"gatehouse/db"
	"gatehouse/web/mail"
)

// A postman is how a server sends mail.
type postman struct {
	send  func(context.Context, db.Mail) error
	where string // in words; empty where none is sent
}

// postman lets the store enqueue mail, for the server that GATEHOUSE_SMTP_URL names or, in the demo, for the page /demo/mail.
// Without either no mail is sent, and the pages say so.
func (c *serveCommand) postman(store *db.Store, base *url.URL) (postman, error) {
	switch {
	case c.Demo && c.SMTP != "":
		return postman{}, fmt.Errorf("GATEHOUSE_SMTP_URL is set and the demo sends no mail: it keeps it at /demo/mail")
	case c.Demo && !store.CanKeepSecrets(), c.SMTP == "" && !c.Demo:
		return postman{}, nil
	case c.Demo:
		return postman{mail.Keep(store, base), "the page /demo/mail and is not sent"}, store.UseMail()
	}
	server, err := mail.ParseServer(c.SMTP, base)
	if err != nil {
		return postman{}, err
	}
	return postman{server.Send, server.Where()}, store.UseMail()
}

// deliver sends mail until the context ends.
func (p postman) deliver(ctx context.Context, store *db.Store, log *slog.Logger) {
	if p.send == nil {
		return
	}
	if err := store.WorkMail(ctx, db.MailWork{Send: p.send, Log: log}); err != nil && ctx.Err() == nil {
		log.Error("mail is not sent", "cause", err)
	}
}

// networksOf reads what an option holds: addresses and networks, separated by commas.
func networksOf(option, texts string) ([]*net.IPNet, error) {
	var networks []*net.IPNet
	for _, text := range strings.FieldsFunc(texts, func(r rune) bool { return r == ',' || r == ' ' }) {
		prefix, err := netip.ParsePrefix(text)
		if address, addressErr := netip.ParseAddr(text); addressErr == nil {
			prefix, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("%s holds %q and should hold addresses and networks, like 127.0.0.1,10.0.0.0/8", option, text)
		}
		networks = append(networks, &net.IPNet{IP: prefix.Masked().Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())})
	}
	return networks, nil
}
