package scim

import (
	"net/http"
	"strings"

	"gatehouse/access"
)

// The schemas of RFC 7643 that are spoken here.
const (
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	groupURN      = "urn:ietf:params:scim:schemas:core:2.0:Group"
)

// A kind is what sort of value an attribute has.
type kind string

const (
	text      kind = "string"
	boolean   kind = "boolean"
	complexed kind = "complex"
	reference kind = "reference"
	instant   kind = "dateTime"
)

// An attribute is one that is understood. What is not here is refused.
type attribute struct {
	name     string
	kind     kind
	many     bool
	exact    bool // upper and lower case are different
	readOnly bool
	required bool
	unique   bool
	longest  int // letters of a text; longestText if it is 0
	parts    []attribute
	about    string
}

// A schema is a set of attributes under a name.
type schema struct {
	urn, name, about string
	attributes       []attribute
}

func texts(names ...string) []attribute {
	list := make([]attribute, len(names))
	for i, name := range names {
		list[i] = attribute{name: name, kind: text}
	}
	return list
}

// several is a list of values, each of them labelled.
func several(name, about string, parts ...attribute) attribute {
	parts = append(parts, attribute{name: "display", kind: text}, attribute{name: "type", kind: text}, attribute{name: "primary", kind: boolean})
	return attribute{name: name, kind: complexed, many: true, parts: parts, about: about}
}

var value = attribute{name: "value", kind: text}

// common are the attributes of every resource.
var common = []attribute{
	{name: "id", kind: text, exact: true, readOnly: true, unique: true, about: "Given by Gatehouse, for good."},
	{name: "externalId", kind: text, exact: true, longest: 255, about: "The provider's own id."},
	{name: "meta", kind: complexed, readOnly: true, parts: []attribute{{name: "resourceType", kind: text, readOnly: true}, {name: "created", kind: instant, readOnly: true},
		{name: "lastModified", kind: instant, readOnly: true}, {name: "location", kind: reference, readOnly: true}, {name: "version", kind: text, exact: true, readOnly: true}}},
}

var userSchema = schema{userURN, "User", "A member of the organization", []attribute{
	{name: "userName", kind: text, required: true, unique: true, about: "The e-mail address with which the person signs in."},
	{name: "active", kind: boolean, about: "Whether the membership counts. What the member has is kept."},
	{name: "displayName", kind: text, about: "The name that others see."},
	{name: "name", kind: complexed, parts: texts("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"), about: "Used where there is no displayName."},
	several("emails", "Kept and returned. Mail goes to the userName.", value),
	several("phoneNumbers", "Kept and returned.", value),
	several("ims", "Kept and returned.", value),
	several("photos", "Kept and returned.", attribute{name: "value", kind: reference, exact: true}),
	several("addresses", "Kept and returned.", texts("formatted", "streetAddress", "locality", "region", "postalCode", "country")...),
	{name: "nickName", kind: text}, {name: "profileUrl", kind: reference, exact: true}, {name: "title", kind: text}, {name: "userType", kind: text},
	{name: "preferredLanguage", kind: text}, {name: "locale", kind: text}, {name: "timezone", kind: text},
}}

var enterpriseSchema = schema{enterpriseURN, "EnterpriseUser", "What an enterprise says of a person: kept and returned", append(
	texts("employeeNumber", "costCenter", "organization", "division", "department"),
	attribute{name: "manager", kind: complexed, parts: []attribute{{name: "value", kind: text, exact: true}, {name: "$ref", kind: reference, exact: true}, {name: "displayName", kind: text}}},
)}

var groupSchema = schema{groupURN, "Group", "A group that the provider keeps", []attribute{
	{name: "displayName", kind: text, required: true, unique: true},
	{name: "members", kind: complexed, many: true, about: "People and groups that are directly in it.", parts: []attribute{
		{name: "value", kind: text, exact: true}, {name: "$ref", kind: reference, exact: true}, {name: "type", kind: text}, {name: "display", kind: text}}},
}}

// A resourceType is what can be asked for.
type resourceType struct {
	name, path string
	core       schema
	extensions []schema
}

var (
	userType  = resourceType{"User", "/Users", userSchema, []schema{enterpriseSchema}}
	groupType = resourceType{"Group", "/Groups", groupSchema, nil}
)

// find looks an attribute up by its name, in any case. Those that every resource has are found under the core schema.
func (t resourceType) find(urn, name string) (extension string, found attribute, ok bool) {
	if urn == "" || strings.EqualFold(urn, t.core.urn) {
		if found, ok = named(common, name); !ok {
			found, ok = named(t.core.attributes, name)
		}
		return "", found, ok
	}
	for _, extension := range t.extensions {
		if strings.EqualFold(urn, extension.urn) {
			found, ok = named(extension.attributes, name)
			return extension.urn, found, ok
		}
	}
	return "", attribute{}, false
}

// extension finds a schema that extends the core by its whole name.
func (t resourceType) extension(urn string) (schema, bool) {
	for _, one := range t.extensions {
		if strings.EqualFold(urn, one.urn) {
			return one, true
		}
	}
	return schema{}, false
}

func named(list []attribute, name string) (attribute, bool) {
	for _, one := range list {
		if strings.EqualFold(one.name, name) {
			return one, true
		}
	}
	return attribute{}, false
}

func (a attribute) part(name string) (attribute, bool) { return named(a.parts, name) }

// document describes the attribute as RFC 7643 §7 asks.
func (a attribute) document() object {
	said := object{"name": a.name, "type": string(a.kind), "multiValued": a.many, "required": a.required, "caseExact": a.exact,
		"mutability": "readWrite", "returned": "default", "uniqueness": "none", "description": a.about}
	if a.readOnly {
		said["mutability"] = "readOnly"
	}
	if a.unique {
		said["uniqueness"] = "server"
	}
	if a.kind == reference {
		said["referenceTypes"] = []string{"external"}
	}
	if len(a.parts) > 0 {
		said["subAttributes"] = documents(a.parts)
	}
	return said
}

func documents(list []attribute) []object {
	said := make([]object, len(list))
	for i, one := range list {
		said[i] = one.document()
	}
	return said
}

func (s schema) document(c *Call) object {
	return object{"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Schema"}, "id": s.urn, "name": s.name, "description": s.about,
		"attributes": documents(s.attributes), "meta": object{"resourceType": "Schema", "location": c.link(Path + "/Schemas/" + s.urn)}}
}

func (t resourceType) document(c *Call) object {
	extensions := make([]object, len(t.extensions))
	for i, one := range t.extensions {
		extensions[i] = object{"schema": one.urn, "required": false}
	}
	return object{"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}, "id": t.name, "name": t.name, "endpoint": t.path,
		"description": t.core.about, "schema": t.core.urn, "schemaExtensions": extensions,
		"meta": object{"resourceType": "ResourceType", "location": c.link(Path + "/ResourceTypes/" + t.name)}}
}

// ListSchemas describes every attribute that is understood.
func ListSchemas(c *Call) (Answer, error) {
	return listed(c, userSchema, enterpriseSchema, groupSchema)
}

// ListResourceTypes names what can be asked for.
func ListResourceTypes(c *Call) (Answer, error) { return listed(c, userType, groupType) }

type described interface{ document(*Call) object }

// listed answers with all of a short list. RFC 7644 §4 forbids filters there.
func listed(c *Call, all ...described) (Answer, error) {
	if filter, err := c.query("filter"); err != nil || filter != "" {
		return Answer{}, &failure{http.StatusForbidden, "", "This list has no filter."}
	}
	rows := make([]object, len(all))
	for i, one := range all {
		rows[i] = one.document(c)
	}
	return page(rows, len(rows), 1), nil
}

// ShowSchema describes one schema.
func ShowSchema(c *Call) (Answer, error) {
	for _, one := range []schema{userSchema, enterpriseSchema, groupSchema} {
		if strings.EqualFold(one.urn, c.request.PathValue("id")) {
			return Answer{Status: http.StatusOK, Body: one.document(c)}, nil
		}
	}
	return Answer{}, access.ErrNotFound
}

// ShowResourceType describes one type.
func ShowResourceType(c *Call) (Answer, error) {
	for _, one := range []resourceType{userType, groupType} {
		if one.name == c.request.PathValue("id") {
			return Answer{Status: http.StatusOK, Body: one.document(c)}, nil
		}
	}
	return Answer{}, access.ErrNotFound
}

// ShowConfiguration says what of SCIM is spoken here.
func ShowConfiguration(c *Call) (Answer, error) {
	no := object{"supported": false}
	return Answer{Status: http.StatusOK, Body: object{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
		"patch":   object{"supported": true}, "etag": object{"supported": true}, "sort": no, "changePassword": no,
		"bulk":   object{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter": object{"supported": true, "maxResults": maxCount},
		"authenticationSchemes": []object{{"type": "oauthbearertoken", "name": "Bearer token", "primary": true,
			"description": "A token that an Admin makes under Settings, Provisioning."}},
		"meta": object{"resourceType": "ServiceProviderConfig", "location": c.link(Path + "/ServiceProviderConfig")},
	}}, nil
}
