package paper

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

var red, blue = color.RGBA{220, 20, 20, 255}, color.RGBA{20, 20, 220, 255}

// flag is a picture whose top left quarter is red and the rest blue.
func flag(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, blue)
			if x < w/2 && y < h/2 {
				img.Set(x, y, red)
			}
		}
	}
	return img
}

func packed(t testing.TB, media string, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, img)
	if media == JPEG {
		b.Reset()
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const place = "GPS 45.75N 126.65E"

// held is a JPEG whose Exif part says how the camera was held, and where.
func held(t testing.TB, orientation byte) []byte {
	t.Helper()
	raw := packed(t, JPEG, flag(64, 32))
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(orientation) + "\x00\x00\x00\x00\x00\x00" + place
	part := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append(append([]byte(nil), raw[:2]...), part...), raw[2:]...)
}

// TestUpright: however the camera was held, the picture comes out upright, and
// where it was taken does not come out at all.
func TestUpright(t *testing.T) {
	// in which quarter (x, y) the red one of a camera held so has to be found
	want := map[byte][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}
	for orientation, quarter := range want {
		raw := held(t, orientation)
		if !bytes.Contains(raw, []byte(place)) {
			t.Fatal("the sample says no place")
		}
		media, kept, err := Clean(raw)
		if err != nil || media != JPEG || bytes.Contains(kept, []byte(place)) || bytes.Contains(kept, []byte("Exif")) {
			t.Fatalf("%d: %s %v", orientation, media, err)
		}
		img, err := jpeg.Decode(bytes.NewReader(kept))
		if err != nil {
			t.Fatal(err)
		}
		b := img.Bounds()
		if wide := b.Dx() > b.Dy(); wide != (orientation < 5) {
			t.Errorf("%d: %v", orientation, b)
		}
		for x := range 2 {
			for y := range 2 {
				r, _, bl, _ := img.At(b.Dx()*(2*x+1)/4, b.Dy()*(2*y+1)/4).RGBA()
				if (r > bl) != ([2]int{x, y} == quarter) {
					t.Errorf("%d: quarter %d %d", orientation, x, y)
				}
			}
		}
	}
}

func TestClean(t *testing.T) {
	good := packed(t, PNG, flag(8, 8))
	pdf := "%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
	huge := append([]byte(nil), good...)
	copy(huge[16:24], "\x00\x01\x00\x00\x00\x01\x00\x00") // says 65536 × 65536
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for name, tt := range map[string]struct {
		data  []byte
		media string
		want  error
	}{
		"a PNG": {good, PNG, nil}, "a JPEG": {packed(t, JPEG, flag(8, 8)), JPEG, nil}, "a PDF": {[]byte(pdf), PDF, nil},
		"empty": {nil, "", ErrSize}, "too large": {[]byte(pdf + strings.Repeat(" ", MaxSize)), "", ErrSize},
		"a page of the web": {[]byte("<html>"), "", ErrKind}, "a GIF": {[]byte("GIF89a"), "", ErrKind}, "an SVG": {[]byte("<svg onload=x>"), "", ErrKind},
		"a cut PNG": {good[:len(good)/2], PNG, ErrBroken}, "a cut PDF": {[]byte(pdf[:20]), PDF, ErrBroken},
		"a bomb":                      {huge, PNG, ErrPixels},
		"a PDF with a script":         {[]byte(strings.Replace(pdf, "<<>>", "<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", 1)), PDF, ErrActive},
		"a PDF that starts a program": {[]byte(strings.Replace(pdf, "<<>>", "<</S/Launch>>", 1)), PDF, ErrActive},
	} {
		media, kept, err := Clean(tt.data)
		if media != tt.media || !errors.Is(err, tt.want) || err == nil && len(kept) == 0 {
			t.Errorf("%s: %s %d %v", name, media, len(kept), err)
		}
	}
	// a picture that really has as many pixels as that is not unpacked either
	if _, _, err := Clean(packed(t, PNG, image.NewPaletted(image.Rect(0, 0, 5001, 5000), color.Palette{red}))); !errors.Is(err, ErrPixels) {
		t.Error(err)
	}
}

// TestTail: what is hidden behind a picture does not stay.
func TestTail(t *testing.T) {
	for _, media := range []string{JPEG, PNG} {
		raw := append(packed(t, media, flag(8, 8)), "PK\x03\x04 a file"...)
		if _, kept, err := Clean(raw); err != nil || bytes.Contains(kept, []byte("a file")) {
			t.Errorf("%s: %v", media, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(packed(f, PNG, flag(4, 4)))
	f.Add(held(f, 6))
	f.Add([]byte("%PDF-1.7\n%%EOF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		media, kept, err := Clean(data)
		if err != nil {
			return
		}
		if again, _, err := Clean(kept); err != nil || again != media {
			t.Errorf("what was kept as %s is %s %v", media, again, err)
		}
	})
}
