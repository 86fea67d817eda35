package selector

import (
	"slices"
	"strings"
)

// paths are the files and folders of the root project that the path method can find. dbt searches the disk; the compiler
// must not, and only paths that a node, its properties file or a folder above it has can select anything.
type paths struct {
	files, folders map[string]bool
}

func (p *paths) add(file string) {
	if p.files[file] {
		return
	}
	p.files[file] = true
	for {
		cut := strings.LastIndexByte(file, '/')
		if cut < 0 || p.folders[file[:cut]] {
			return
		}
		file = file[:cut]
		p.folders[file] = true
	}
}

// pathPattern is a pattern for Python's Path.glob, cut at its slashes: ** stands for any number of folders.
type pathPattern struct {
	parts       []string
	foldersOnly bool // it ends with a slash, or with **
}

// parsePath reads a pattern. Patterns that leave the project, or are empty, are not accepted.
func parsePath(text string) (p pathPattern, problem string) {
	if strings.HasPrefix(text, "/") {
		return p, "a path pattern is relative to the project's folder"
	}
	for part := range strings.SplitSeq(text, "/") {
		switch {
		case part == "" || part == ".":
		case strings.Contains(part, "**") && part != "**":
			return p, `"**" can only be an entire path component`
		default:
			p.parts = append(p.parts, part)
		}
	}
	if len(p.parts) == 0 {
		return p, "a path pattern names a file or a folder"
	}
	p.foldersOnly = strings.HasSuffix(text, "/") || p.parts[len(p.parts)-1] == "**"
	return p, ""
}

// matches says whether the pattern finds the path.
func (p pathPattern) matches(path string, folder bool) bool {
	if p.foldersOnly && !folder {
		return false
	}
	return matchParts(strings.Split(path, "/"), p.parts)
}

func matchParts(path, pattern []string) bool {
	for len(pattern) > 0 {
		if pattern[0] == "**" {
			if len(pattern) == 1 {
				return true
			}
			for k := range len(path) + 1 {
				if matchParts(path[k:], pattern[1:]) {
					return true
				}
			}
			return false
		}
		if len(path) == 0 || !match(path[0], pattern[0]) {
			return false
		}
		path, pattern = path[1:], pattern[1:]
	}
	return len(path) == 0
}

// find gives the paths that the pattern finds: those of files and those of folders.
func (p *paths) find(pattern pathPattern) (files, folders map[string]bool) {
	files, folders = map[string]bool{}, map[string]bool{}
	if !slices.ContainsFunc(pattern.parts, wildcard) {
		name := strings.Join(pattern.parts, "/")
		if p.files[name] && !pattern.foldersOnly {
			files[name] = true
		}
		if p.folders[name] {
			folders[name] = true
		}
		return files, folders
	}
	if slices.Contains(pattern.parts, "**") {
		pattern.parts = slices.CompactFunc(slices.Clone(pattern.parts), func(a, b string) bool { return a == "**" && b == "**" })
	}
	for name := range p.files {
		if pattern.matches(name, false) {
			files[name] = true
		}
	}
	for name := range p.folders {
		if pattern.matches(name, true) {
			folders[name] = true
		}
	}
	if matchParts(nil, pattern.parts) {
		folders["."] = true // the project's folder itself, above everything
	}
	return files, folders
}
