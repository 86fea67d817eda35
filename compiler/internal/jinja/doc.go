// Package jinja is the Jinja2 template language, version 3.1, with Python's values.
//
// dbt projects are written in it, and they lean on Python: mutable lists, `%` formatting, repr, big integers. Nothing of dbt
// is known here but the extra block tags its files use; names, functions and macros of dbt come from the host as values.
// A template is parsed once and rendered many times, by any number of goroutines.
package jinja
