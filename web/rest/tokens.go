package rest

import (
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// A Token is an API token, without its secret.
type Token struct {
	ID        access.ID      `json:"id"`
	Name      string         `json:"name"`
	Scopes    []access.Scope `json:"scopes"`
	MadeBy    access.ID      `json:"made_by,omitempty" doc:"A user; left out for one that the operator of the server made."`
	CreatedAt time.Time      `json:"created_at"`
	ExpiresAt *time.Time     `json:"expires_at" doc:"null for one without an end."`
	LastUsed  *time.Time     `json:"last_used" doc:"To the minute; null for one that was never used."`
}

func token(t access.APIToken) Token {
	return Token{ID: t.ID, Name: t.Name, Scopes: t.Scopes, MadeBy: t.MadeBy, CreatedAt: t.CreatedAt.UTC(), ExpiresAt: utc(t.ExpiresAt), LastUsed: utc(t.LastUsed)}
}

// ListTokens lists the organization's API tokens, the newest first.
func ListTokens(c *Call) (Answer, error) {
	if err := c.sees(access.TokenRights); err != nil {
		return Answer{}, err
	}
	rows, err := c.store.ListAPITokens(c.ctx(), c.Org.ID)
	if err != nil {
		return Answer{}, err
	}
	return listOf(rows, "", func(row db.APITokenRow) Token { return token(row.APIToken) })
}

// ShowToken answers what a token is for.
func ShowToken(c *Call) (Answer, error) {
	if err := c.sees(access.TokenRights); err != nil {
		return Answer{}, err
	}
	id, err := c.id("token")
	if err != nil {
		return Answer{}, err
	}
	one, err := c.store.FindAPIToken(c.ctx(), c.Org.ID, id)
	if err != nil {
		return Answer{}, err
	}
	return found(token(one))
}

// A NewToken is a token that somebody asks for.
type NewToken struct {
	Name      string         `json:"name"`
	Scopes    []access.Scope `json:"scopes"`
	ExpiresAt *time.Time     `json:"expires_at,omitempty" doc:"null or left out for no end; never after the end of the token that asks."`
}

// A MadeToken is a new token with its secret.
type MadeToken struct {
	Token
	Secret string `json:"token" doc:"Shown this once."`
}

// CreateToken makes a token in the name of whoever made the one that asks.
func CreateToken(c *Call) (Answer, error) {
	asked, err := read[NewToken](c)
	if err != nil {
		return Answer{}, err
	}
	scopes := make([]string, len(asked.value.Scopes))
	for i, scope := range asked.value.Scopes {
		scopes[i] = string(scope)
	}
	secret, err := c.store.CreateAPIToken(c.ctx(), c.By, c.Org.ID, db.NewAPIToken{Name: asked.value.Name, Scopes: scopes,
		ExpiresAt: asked.value.ExpiresAt, Until: c.Token.ExpiresAt})
	if err != nil {
		return Answer{}, err
	}
	made, err := c.store.FindAPITokenBySecret(c.ctx(), secret)
	if err != nil {
		return Answer{}, err
	}
	return created(MadeToken{Token: token(made), Secret: secret})
}

// RevokeToken ends a token: the next request with it is refused.
func RevokeToken(c *Call) (Answer, error) {
	id, err := c.id("token")
	if err != nil {
		return Answer{}, err
	}
	if err := c.unchanged(ShowToken); err != nil {
		return Answer{}, err
	}
	if err := c.store.RevokeAPIToken(c.ctx(), c.By, c.Org.ID, id); err != nil {
		return Answer{}, err
	}
	return gone()
}
