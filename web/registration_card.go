// Accreditation cards: the code on them as a drawing.
package web

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the empty rim that readers of a QR code need, in modules (ISO/IEC
// 18004, 6.3.8).
const quiet = 4

// codeOf draws a text as a QR code that a quarter of may be scratched away.
func codeOf(text string) (QR, error) {
	code, err := qr.Encode(text, qr.Q, qr.Auto)
	if err != nil {
		return QR{}, fmt.Errorf("code of a card: %w", err)
	}
	size := code.Bounds().Dx()
	dark := func(x, y int) bool {
		r, _, _, _ := code.At(x, y).RGBA()
		return r == 0
	}
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for x < size && dark(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return QR{Size: size + 2*quiet, Path: path.String()}, nil
}

// shapeOf is the chip of a registration's state: its shape and colour.
func shapeOf(state string) string {
	switch state {
	case "draft":
		return "saved"
	case "submitted":
		return "sent"
	case "returned":
		return "alert"
	case "accepted":
		return "official"
	case "waiting":
		return "scheduled"
	}
	return "off"
}
