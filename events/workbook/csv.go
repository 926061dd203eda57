package workbook

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Encodings that a .csv may have. Chinese spreadsheets write GB 18030 unless
// told otherwise.
var Encodings = []string{utf8Name, utf16Name, gbName}

const (
	utf8Name  = "UTF-8"
	utf16Name = "UTF-16"
	gbName    = "GB 18030"
)

// readCSV reads separated text as one sheet.
func readCSV(data []byte, chosen string) (*Book, error) {
	encoding, sure := detect(data)
	if chosen != "" {
		encoding, sure = chosen, true
	}
	text, err := decode(data, encoding)
	if err != nil {
		return nil, err
	}
	s := Sheet{}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator(text), true, -1
	var used budget
	line := 0 // the last line of the record before
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, refuse("csv-broken")
		}
		start, _ := r.FieldPos(0)
		for range start - line - 1 { // blank lines are passed over by the reader but are rows of the sheet
			s.Rows = append(s.Rows, nil)
		}
		if len(s.Rows) >= MaxRows {
			return nil, refuse("book-rows", "", strconv.Itoa(MaxRows))
		}
		if err := checkRow("", len(s.Rows), row, &used); err != nil {
			return nil, err
		}
		for i := range row {
			row[i] = bare(row[i])
		}
		s.Rows = append(s.Rows, row)
		line = start + strings.Count(strings.Join(row, ""), "\n")
	}
	return &Book{Sheets: []Sheet{s}, Encoding: encoding, Sure: sure || strings.Contains(text, "姓名")}, nil
}

// Text is what a text file says, in whichever of the usual encodings it was
// written: UTF-8, UTF-16 or GB 18030. What fits none of them is refused with a
// *scoring.Invalid.
func Text(data []byte) (string, error) {
	encoding, _ := detect(data)
	return decode(data, encoding)
}

// detect tells an encoding from its mark, or from what cannot be another.
// Without a mark, GB 18030 is only what is left over: not sure.
func detect(data []byte) (encoding string, sure bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return utf8Name, true
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return utf16Name, true
	case bytes.IndexByte(data, 0) >= 0:
		return utf16Name, false
	case utf8.Valid(data):
		return utf8Name, true
	}
	return gbName, false
}

// decode turns bytes into text and refuses what does not fit: never mojibake in
// silence.
func decode(data []byte, encoding string) (string, error) {
	text := ""
	switch encoding {
	case utf8Name:
		text = string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	case utf16Name:
		raw, err := unicode.UTF16(order(data), unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", refuse("csv-encoding", encoding)
		}
		text = string(raw)
	case gbName:
		raw, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil {
			return "", refuse("csv-encoding", encoding)
		}
		text = string(raw)
	default:
		return "", refuse("csv-encoding", encoding)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) || strings.ContainsRune(text, 0) {
		return "", refuse("csv-encoding", encoding)
	}
	return text, nil
}

// order is the byte order of UTF-16 without a mark: where the zeros of commas
// and digits stand.
func order(data []byte) unicode.Endianness {
	even := 0
	for i := 0; i+1 < min(len(data), 4096); i += 2 {
		if data[i] == 0 {
			even++
		}
		if data[i+1] == 0 {
			even--
		}
	}
	if even > 0 {
		return unicode.BigEndian
	}
	return unicode.LittleEndian
}

// separator is what stands most often in the first lines.
func separator(text string) rune {
	head := text[:min(len(text), 8192)]
	best, most := ',', strings.Count(head, ",")
	for _, c := range ";\t" {
		if n := strings.Count(head, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}
