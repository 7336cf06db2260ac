package views

import "github.com/a-h/templ"

// Attributes that stand together in many places. Every element says its own htmx attributes: inheritance is off.

// dialogLink loads a page's part into the dialog; without JavaScript it leads to the page.
func dialogLink(path string) templ.Attributes {
	return templ.Attributes{"href": path, "hx-get": path, "hx-target": "#dialog-body", "aria-haspopup": "dialog"}
}

// step leads from one part of a dialog to another.
func step(path string) templ.Attributes {
	return templ.Attributes{"href": path, "hx-get": path, "hx-target": "#dialog-body"}
}

// dialogForm posts from a dialog. A refusal comes back into the dialog.
func dialogForm(path string) templ.Attributes {
	return templ.Attributes{"method": "post", "action": path, "hx-post": path, "hx-target": "#dialog-body",
		"hx-disabled-elt": "find button[type=submit]"}
}

// dialogFormBeside is dialogForm for a form whose button stands outside it, in the foot of the dialog.
func dialogFormBeside(path string) templ.Attributes {
	return templ.Attributes{"method": "post", "action": path, "hx-post": path, "hx-target": "#dialog-body", "hx-sync": "this:drop"}
}

// partLink replaces a part of the page, and the address with it.
func partLink(path, part string) templ.Attributes {
	return templ.Attributes{"href": path, "hx-get": path, "hx-target": part, "hx-swap": "outerHTML",
		"hx-push-url": "true", "hx-indicator": part}
}

// searchForm replaces a list while somebody types or chooses. The form itself stays, and so does the focus.
func searchForm(path, part string) templ.Attributes {
	return templ.Attributes{"method": "get", "action": path, "hx-get": path, "hx-target": part, "hx-swap": "outerHTML",
		"hx-push-url": "true", "hx-indicator": part, "hx-sync": "this:replace", "role": "search",
		"hx-trigger": "input changed delay:250ms from:find input[type=search], change, submit"}
}

// refreshed is a part that asks for itself again after a change somewhere else.
func refreshed(path string) templ.Attributes {
	return templ.Attributes{"hx-get": path, "hx-trigger": "refresh", "hx-swap": "outerHTML", "data-refresh": true}
}

// actionForm posts from a menu or a row, outside a dialog. The answer says where it goes (HX-Retarget).
func actionForm(path string) templ.Attributes {
	return templ.Attributes{"method": "post", "action": path, "hx-post": path, "hx-target": "#flash"}
}

const htmxConfig = `{"allowEval":false,"allowScriptTags":false,"includeIndicatorStyles":false,"historyCacheSize":0,` +
	`"historyRestoreAsHxRequest":false,"refreshOnHistoryMiss":true,"allowNestedOobSwaps":false,"disableInheritance":true,` +
	`"reportValidityOfForms":true,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},` +
	`{"code":"409","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true},{"code":"...","swap":false}]}`

// The values of aria attributes; empty leaves the state out.

func page(current bool) string {
	if current {
		return "page"
	}
	return ""
}

func yes(is bool) string {
	if is {
		return "true"
	}
	return ""
}

func boolean(is bool) string {
	if is {
		return "true"
	}
	return "false"
}

// invalid is the aria-invalid of a field with this problem.
func invalid(problem string) string { return boolean(problem != "") }
