package lenex

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"tongchang/scoring"
)

// Limits of what is read. The largest meets (a world championship with masters)
// are some 5 MB packed and 60 MB unpacked; what is far beyond is an attack or a
// mistake.
const (
	MaxPacked   = 16 << 20 // bytes of the file as it comes
	MaxUnpacked = 96 << 20 // bytes of XML
	maxRatio    = 150      // unpacked to packed, above ratioFrom bytes; real files have about 12
	ratioFrom   = 1 << 20
	maxZipped   = 32 // files in the zip; there should be one
	maxElements = 1_500_000
	maxDepth    = 24
	maxText     = 4096 // bytes of one attribute
	maxProblems = 100
)

// Problems is everything that is wrong with a file's contents, at most a
// hundred. Field names the element and its attribute; Line is the line of the XML
// or empty where the fault is between elements, which Field then names by ID.
type Problems []*scoring.Invalid

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find the first problem.
func (p Problems) Unwrap() []error {
	all := make([]error, len(p))
	for i, one := range p {
		all[i] = one
	}
	return all
}

// Read reads a Lenex file, zipped (.lxf) or bare (.lef). It answers with the
// whole file or with [Problems]: a file with one unreadable time is not half
// imported. Names inside the zip are looked at for their ending only.
func Read(r io.ReaderAt, size int64) (*File, error) {
	if size > MaxPacked {
		return nil, refuse("file-too-big", strconv.Itoa(MaxPacked>>20))
	}
	magic := make([]byte, 4)
	n, err := r.ReadAt(magic, 0)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read lenex file: %w", err)
	}
	if magic = magic[:n]; bytes.HasPrefix(magic, []byte("PK")) {
		return readZip(r, size)
	}
	return readXML(io.NewSectionReader(r, 0, size))
}

func readZip(r io.ReaderAt, size int64) (*File, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, refuse("zip-broken")
	}
	if len(z.File) > maxZipped {
		return nil, refuse("zip-many-files", strconv.Itoa(len(z.File)))
	}
	var lef *zip.File
	for _, f := range z.File {
		if !strings.HasSuffix(strings.ToLower(f.Name), ".lef") {
			continue
		}
		if lef != nil {
			return nil, refuse("zip-two-lef")
		}
		lef = f
	}
	if lef == nil {
		return nil, refuse("zip-no-lef")
	}
	body, err := lef.Open()
	if err != nil {
		return nil, refuse("zip-broken")
	}
	defer body.Close() // nothing was written; what matters is reported while reading
	return readXML(&bounded{r: body, packed: size})
}

// bounded counts what really comes out of a zip, whatever its directory says.
type bounded struct {
	r      io.Reader
	packed int64
	n      int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	switch {
	case b.n > MaxUnpacked:
		return n, refuse("unpacked-too-big", strconv.Itoa(MaxUnpacked>>20))
	case b.n > ratioFrom && b.n > maxRatio*b.packed:
		return n, refuse("zip-bomb")
	case err != nil && err != io.EOF:
		return n, refuse("zip-broken")
	}
	return n, err
}

func refuse(problem string, with ...string) Problems {
	return Problems{{Field: "file", Problem: problem, With: with}}
}

func readXML(body io.Reader) (*File, error) {
	in := bufio.NewReader(body)
	head, err := in.Peek(3)
	if err != nil && err != io.EOF {
		return nil, asProblems(err, "")
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		if _, err := in.Discard(3); err != nil {
			return nil, asProblems(err, "")
		}
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, refuse("charset", "UTF-16")
	}
	d := xml.NewDecoder(in)
	d.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, refuse("charset", charset)
	}
	rd := &reader{xml: d, file: &File{Unread: map[string]int{}}}
	root, err := rd.root()
	if err != nil {
		return nil, err
	}
	rd.lenex(root)
	rd.end()
	if rd.failed != nil {
		return nil, rd.failed
	}
	for i := range rd.file.Meets {
		rd.references(&rd.file.Meets[i])
	}
	if len(rd.problems) > 0 {
		return nil, rd.problems
	}
	return rd.file, nil
}

// reader walks the XML once. failed stops it; problems are collected.
type reader struct {
	xml      *xml.Decoder
	file     *File
	elements int
	depth    int
	failed   error
	problems Problems
}

// element is one start tag. Its attributes are taken out as they are asked for;
// what remains is counted as unread.
type element struct {
	r     *reader
	name  string
	line  string
	attrs map[string]string
}

// root finds the document's first element and refuses what has no business
// before it.
func (r *reader) root() (*element, error) {
	for {
		tok, err := r.next()
		if err == io.EOF {
			return nil, refuse("not-xml") // text, a table, or nothing at all
		}
		if err != nil {
			return nil, err
		}
		if start, ok := tok.(xml.StartElement); ok {
			if start.Name.Local != "LENEX" {
				return nil, refuse("not-lenex", start.Name.Local)
			}
			return r.element(start), r.failed
		}
	}
}

// end reads to the end of the document: a second root is not XML.
func (r *reader) end() {
	for r.failed == nil {
		tok, err := r.next()
		if err == io.EOF {
			return
		}
		if err != nil {
			r.fail(err)
			return
		}
		if _, second := tok.(xml.StartElement); second {
			r.fail(Problems{{Line: r.line(), Field: "file", Problem: "xml-broken"}})
		}
	}
}

// next is the next token; document types and with them entities are refused. It
// answers io.EOF only between elements: inside, a missing end is a syntax error.
func (r *reader) next() (xml.Token, error) {
	tok, err := r.xml.Token()
	if err == io.EOF {
		return nil, io.EOF
	}
	if err != nil {
		return nil, asProblems(err, r.line())
	}
	if _, ok := tok.(xml.Directive); ok {
		return nil, Problems{{Line: r.line(), Field: "file", Problem: "xml-doctype"}}
	}
	return tok, nil
}

func (r *reader) line() string {
	line, _ := r.xml.InputPos()
	return strconv.Itoa(line)
}

func (r *reader) fail(err error) {
	if r.failed == nil {
		r.failed = err
	}
}

func (r *reader) problem(p scoring.Invalid) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, &p)
	}
}

func (r *reader) element(start xml.StartElement) *element {
	el := &element{r: r, name: start.Name.Local, line: r.line(), attrs: make(map[string]string, len(start.Attr))}
	if r.elements++; r.elements > maxElements {
		r.fail(Problems{{Line: el.line, Field: "file", Problem: "too-many-elements", With: []string{strconv.Itoa(maxElements)}}})
	}
	for _, a := range start.Attr {
		if _, twice := el.attrs[a.Name.Local]; twice {
			r.fail(Problems{{Line: el.line, Field: el.name + " " + a.Name.Local, Problem: "attribute-twice"}})
		}
		if len(a.Value) > maxText {
			r.fail(Problems{{Line: el.line, Field: el.name + " " + a.Name.Local, Problem: "text-too-long", With: []string{strconv.Itoa(maxText)}}})
		}
		el.attrs[a.Name.Local] = a.Value
	}
	return el
}

// children ends the reading of an element: what is left of its attributes is
// counted, known children are handed on, others skipped and counted.
func (r *reader) children(el *element, known map[string]func(*element)) {
	for name := range el.attrs {
		r.file.Unread[el.name+" "+name]++
	}
	if r.depth++; r.depth > maxDepth {
		r.fail(Problems{{Line: el.line, Field: el.name, Problem: "too-deep", With: []string{strconv.Itoa(maxDepth)}}})
	}
	for r.failed == nil {
		tok, err := r.next()
		if err != nil {
			r.fail(err)
			return
		}
		switch tok := tok.(type) {
		case xml.EndElement:
			r.depth--
			return
		case xml.StartElement:
			child := r.element(tok)
			if handle := known[child.name]; handle != nil {
				handle(child)
				continue
			}
			r.file.Unread[child.name]++
			r.skip()
		}
	}
}

// skip passes over an element that nobody asked for, within the same limits.
func (r *reader) skip() {
	for depth := 1; depth > 0 && r.failed == nil; {
		tok, err := r.next()
		if err != nil {
			r.fail(err)
			return
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			r.element(tok)
			if depth++; r.depth+depth > maxDepth {
				r.fail(Problems{{Line: r.line(), Field: tok.Name.Local, Problem: "too-deep", With: []string{strconv.Itoa(maxDepth)}}})
			}
		case xml.EndElement:
			depth--
		}
	}
}

// list reads a wrapper such as SESSIONS, whose children are all of one name.
func (r *reader) list(name string, each func(*element)) func(*element) {
	return func(el *element) { r.children(el, map[string]func(*element){name: each}) }
}

// asProblems puts what reading and decoding report into sentences. A syntax
// error's own text is English and stays with the argument.
func asProblems(err error, line string) error {
	var ours Problems
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &ours):
		return ours
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		return Problems{{Line: line, Field: "file", Problem: "xml-truncated"}}
	case errors.As(err, &syntax):
		if strings.HasPrefix(syntax.Msg, "unexpected EOF") {
			return Problems{{Line: line, Field: "file", Problem: "xml-truncated"}}
		}
		return Problems{{Line: line, Field: "file", Problem: "xml-broken", With: []string{syntax.Msg}}}
	}
	return Problems{{Line: line, Field: "file", Problem: "xml-broken", With: []string{err.Error()}}}
}
