package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// guard looks through a workbook's parts before anything else opens them: how
// many and how big they are, really and not as declared, what is in them that
// runs or reaches outside, and what an XML reader could be led astray with.
func guard(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return refuse("book-broken")
	}
	if len(z.File) > maxParts {
		return refuse("book-parts", strconv.Itoa(maxParts))
	}
	total, workbook := 0, false
	for _, part := range z.File {
		name := strings.ToLower(part.Name)
		workbook = workbook || name == "xl/workbook.xml"
		if problem := forbidden(name); problem != "" {
			return refuse(problem)
		}
		n, err := guardPart(part, maxUnzipped-total)
		if err != nil {
			return err
		}
		total += n
	}
	if !workbook {
		return refuse("book-unknown")
	}
	return nil
}

// forbidden names what is wrong with a part by its name alone.
func forbidden(name string) string {
	for _, f := range []struct{ part, problem string }{
		{"vbaproject", "book-macros"}, {"xl/macrosheets/", "book-macros"}, {"xl/activex/", "book-macros"}, {"xl/ctrlprops/", "book-macros"},
		{"xl/externallinks/", "book-outside"}, {"xl/connections", "book-outside"}, {"xl/querytables/", "book-outside"}, {"xl/embeddings/", "book-outside"},
		{"encryptedpackage", "book-encrypted"},
	} {
		if strings.Contains(name, f.part) {
			return f.problem
		}
	}
	return ""
}

// guardPart unpacks a part, up to what is left of the whole, and looks into it.
func guardPart(part *zip.File, left int) (int, error) {
	if part.UncompressedSize64 > uint64(left) {
		return 0, refuse("book-unzipped", megabytes(maxUnzipped))
	}
	if part.UncompressedSize64 > ratioFrom && part.UncompressedSize64 > maxRatio*max(part.CompressedSize64, 1) {
		return 0, refuse("book-ratio", strconv.Itoa(maxRatio))
	}
	r, err := part.Open()
	if err != nil {
		return 0, refuse("book-broken")
	}
	defer r.Close() // reading only
	raw, err := io.ReadAll(io.LimitReader(r, int64(left)+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, zip.ErrChecksum), err != nil:
		return 0, refuse("book-broken")
	case len(raw) > left:
		return 0, refuse("book-unzipped", megabytes(maxUnzipped))
	}
	return len(raw), guardXML(strings.ToLower(part.Name), raw)
}

// guardXML refuses document types, whose entities a reader passes over in
// silence, other encodings, in which they could hide, and formulas that fetch.
func guardXML(name string, raw []byte) error {
	if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
		return nil
	}
	switch {
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}), bytes.HasPrefix(raw, []byte{0xFF, 0xFE}), bytes.IndexByte(raw, 0) >= 0:
		return refuse("book-broken")
	case bytes.Contains(raw, []byte("<!DOCTYPE")), bytes.Contains(raw, []byte("<!ENTITY")):
		return refuse("book-doctype")
	case strings.HasPrefix(name, "xl/worksheets/") && bytes.Contains(raw, []byte("WEBSERVICE(")):
		return refuse("book-outside")
	case strings.HasPrefix(name, "xl/worksheets/") && bytes.Count(raw, []byte("mergeCell")) > maxMerges: // a reader compares each with each
		return refuse("book-merges", strconv.Itoa(maxMerges))
	case name == "[content_types].xml" && bytes.Contains(raw, []byte("macroEnabled")):
		return refuse("book-macros")
	}
	return nil
}
