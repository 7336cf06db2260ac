package rest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"gatehouse/web/message"
)

// object is a JSON object of the document.
type object map[string]any

// document is the OpenAPI document, made once of the table of operations and the types that they send and answer.
var document = sync.OnceValue(func() []byte {
	shapes := shapes{}
	paths := map[string]object{}
	shapes.of(Problem{}, false)
	for _, o := range operations {
		if paths[Path+o.path] == nil {
			paths[Path+o.path] = object{}
		}
		paths[Path+o.path][lower[o.method]] = shapes.describe(o)
	}
	text, _ := json.MarshalIndent(object{ // of nothing but texts, numbers, lists and objects of them: it always encodes
		"openapi": "3.0.3",
		"info": object{"title": "Gatehouse", "version": "1",
			"description": "What the pages of members, invitations, groups, modules, resources, sharing, sharing policy, rights templates, requests for access, API tokens and the audit log do, for services. See docs/api.md."},
		"paths":    paths,
		"security": []object{{"token": []string{}}},
		"components": object{"schemas": shapes, "securitySchemes": object{"token": object{"type": "http", "scheme": "bearer",
			"description": "An API token with the scope manage. It acts as whoever made it."}}},
	}, "", " ")
	return text
})

// Document answers with the OpenAPI document. It needs no token.
func (a *API) Document(w http.ResponseWriter, _ *http.Request) error {
	return message.Write(w, http.StatusOK, "application/json", document())
}

var lower = map[string]string{"GET": "get", "POST": "post", "PUT": "put", "PATCH": "patch", "DELETE": "delete"}

var inBraces = regexp.MustCompile(`\{(\w+)\}`)

// describe is an operation as the document has it.
func (s shapes) describe(o operation) object {
	described := object{"operationId": o.name, "summary": o.does, "parameters": o.parameters(), "responses": s.responses(o)}
	if o.body != nil {
		described["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": s.of(o.body, true)}}}
	}
	return described
}

func (o operation) parameters() []object {
	text := object{"type": "string"}
	list := []object{}
	for _, found := range inBraces.FindAllStringSubmatch(o.path, -1) {
		list = append(list, object{"in": "path", "name": found[1], "required": true, "schema": object{"type": "string", "format": "uuid"}})
	}
	query := o.query
	if o.preview != nil {
		query = append(slices.Clone(query), previewing)
	}
	for _, p := range query {
		schema := text
		switch p.name {
		case limit.name:
			schema = object{"type": "integer", "minimum": 1, "maximum": highestLimit}
		case previewing.name:
			schema = object{"type": "boolean"}
		}
		list = append(list, object{"in": "query", "name": p.name, "description": p.does, "schema": schema})
	}
	if o.method == http.MethodPost {
		list = append(list, object{"in": "header", "name": "Idempotency-Key", "schema": text,
			"description": "The same request with the same key is carried out once, and answered alike for 24 hours."})
	}
	switch o.match {
	case mayMatch:
		list = append(list, object{"in": "header", "name": "If-Match", "schema": text, "description": "The ETag of the thing; 412 if it was changed since."})
	case mustMatch:
		list = append(list, object{"in": "header", "name": "If-Match", "schema": text, "required": true,
			"description": "The ETag of the resource's grants, access mode, owner or parent; 412 if any of them was changed since."})
	}
	return list
}

func (s shapes) responses(o operation) object {
	done := object{"description": http.StatusText(o.status())}
	if o.answer != nil {
		done["content"] = object{"application/json": object{"schema": s.of(o.answer, false)}}
	}
	if o.method == http.MethodGet || o.match == mustMatch {
		done["headers"] = object{"ETag": object{"schema": object{"type": "string"}}}
	}
	all := object{
		strconv.Itoa(o.status()): done,
		"default": object{"description": "Why not.",
			"content": object{"application/problem+json": object{"schema": s.of(Problem{}, false)}}},
	}
	if o.preview != nil {
		s.addPreview(all, o)
	}
	return all
}

// addPreview says what is answered with preview=true: with 200, where the change itself may answer too.
func (s shapes) addPreview(responses object, o operation) {
	shape, says := s.of(o.preview, false), "With preview=true: what would be done."
	if o.status() == http.StatusOK {
		shape, says = object{"anyOf": []object{s.of(o.answer, false), shape}}, "OK; with preview=true what would be done."
	}
	answered, there := responses[strconv.Itoa(http.StatusOK)].(object)
	if !there {
		answered = object{}
	}
	answered["description"], answered["content"] = says, object{"application/json": object{"schema": shape}}
	responses[strconv.Itoa(http.StatusOK)] = answered
}
