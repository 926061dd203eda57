// Package paper looks at files that people send as papers and photos: what they
// really are, whatever their name says, and pictures made anew, so that nothing
// is kept of them but what is to be seen: no place where a photo was taken, no
// serial number of a telephone, no file hidden behind the picture.
package paper

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
)

// The limits.
const (
	MaxSize   = 5 << 20    // bytes, as they come
	MaxPixels = 25_000_000 // looked at before a picture is unpacked: four bytes each
)

// The media that are taken.
const (
	PDF  = "application/pdf"
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// Why a file is not taken. The texts are for developers; package web has the
// sentences.
var (
	ErrSize   = errors.New("paper: larger than 5 MB, or empty")
	ErrKind   = errors.New("paper: neither PDF nor JPEG nor PNG")
	ErrBroken = errors.New("paper: damaged, or cut short")
	ErrPixels = errors.New("paper: more than 25 million pixels")
	ErrActive = errors.New("paper: a PDF that does things when it is opened")
)

// Clean says what a file is and gives what is to be kept of it.
func Clean(data []byte) (media string, kept []byte, err error) {
	switch {
	case len(data) == 0 || len(data) > MaxSize:
		return "", nil, ErrSize
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return PDF, data, document(data)
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		kept, err = picture(data, JPEG)
		return JPEG, kept, err
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		kept, err = picture(data, PNG)
		return PNG, kept, err
	}
	return "", nil, ErrKind
}

// document refuses what is cut short, and what runs scripts, starts programs or
// carries other files. It reads no streams: whoever hides such things in one has
// them shut in by the browser's sandbox that papers are shown in.
func document(data []byte) error {
	if !bytes.Contains(data[max(0, len(data)-2048):], []byte("%%EOF")) {
		return ErrBroken
	}
	for _, active := range []string{"/JavaScript", "/JS ", "/JS(", "/Launch", "/EmbeddedFile", "/RichMedia"} {
		if bytes.Contains(data, []byte(active)) {
			return ErrActive
		}
	}
	return nil
}

// picture unpacks a picture, turns it as the camera says it was held, and packs
// it again: everything else that was in the file is gone.
func picture(data []byte, media string) ([]byte, error) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil || cfg.Width <= 0 || cfg.Height <= 0:
		return nil, ErrBroken
	case cfg.Width > MaxPixels/cfg.Height:
		return nil, ErrPixels
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, ErrBroken
	}
	var out bytes.Buffer
	if media == PNG {
		err = png.Encode(&out, img)
	} else {
		err = jpeg.Encode(&out, turned(img, orientation(data)), &jpeg.Options{Quality: 88})
	}
	return out.Bytes(), err
}

// turned puts a picture upright (Exif 2.32, tag 0x0112, values 1 to 8).
func turned(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			out.Set(tx, ty, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// orientation reads from a JPEG how the camera was held; 1, upright, where it
// does not say.
func orientation(data []byte) int {
	for rest := data[2:]; len(rest) > 4 && rest[0] == 0xff; {
		size := int(binary.BigEndian.Uint16(rest[2:])) + 2
		if rest[1] == 0xda || size > len(rest) {
			break
		}
		if body := rest[4:size]; rest[1] == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tagged(body[6:])
		}
		rest = rest[size:]
	}
	return 1
}

// tagged finds tag 0x0112 in the first directory of a TIFF header.
func tagged(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	n := uint64(order.Uint16(tiff[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > uint64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			return int(order.Uint16(tiff[e+8:]))
		}
	}
	return 1
}
