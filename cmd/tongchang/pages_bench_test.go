package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkCachedPage asks for a public page, and for the word that it has not
// changed, as fast as 32 readers can; turn by turn with a handler of net/http that
// does nothing but write the same bytes.
func BenchmarkCachedPage(b *testing.B) {
	h, _, _, _ := benchMeet(b, filepath.Join(b.TempDir(), "meet.db"))
	const path = "/c/demo/schedule"
	resp, err := http.Get(h.url + path) // unpacked, as the readers below ask
	if err != nil {
		b.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	_ = resp.Body.Close() // it has been read
	tag := resp.Header.Get("ETag")
	resp.Header.Del("Date")
	resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
	plain := minimal(b, body, resp.Header)
	ours := strings.TrimPrefix(h.url, "http://")
	for name, header := range map[string]string{"page": "", "304": "If-None-Match: " + tag + "\r\n"} {
		b.Run(name, func(b *testing.B) {
			var rates [2]float64
			rounds := 0.0
			for b.Loop() {
				rounds++
				for i, addr := range []string{ours, plain} {
					rates[i] += readers(b, addr, path, header)
				}
			}
			b.ReportMetric(rates[0]/rounds, "ours/s")
			b.ReportMetric(rates[1]/rounds, "minimal/s")
			b.ReportMetric(rates[0]/rates[1], "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// minimal is a server that has the bytes, headers included, and nothing else.
func minimal(b *testing.B, body []byte, header http.Header) (addr string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), header)
		if r.Header.Get("If-None-Match") == header.Get("ETag") {
			w.Header().Del("Content-Length")
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write(body) // the reader counts what it gets
	})}
	go func() { _ = server.Serve(l) }() // ends with the benchmark
	b.Cleanup(func() { _ = server.Close() })
	return l.Addr().String()
}

// readers are 32 connections that ask for a second, with as little client as can
// be; it returns the answers of a second.
func readers(b *testing.B, addr, path, header string) float64 {
	b.Helper()
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: " + addr + "\r\n" + header + "\r\n")
	var answers atomic.Int64
	var wg sync.WaitGroup
	end := time.Now().Add(time.Second)
	for range 32 {
		wg.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReaderSize(conn, 64<<10)
			for time.Now().Before(end) {
				if _, err := conn.Write(request); err != nil {
					b.Error(err)
					return
				}
				if err := answer(in); err != nil {
					b.Error(err)
					return
				}
				answers.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(answers.Load())
}

// answer reads one answer and throws it away.
func answer(in *bufio.Reader) error {
	length := 0
	for first := true; ; first = false {
		line, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		if first && !strings.Contains(line, " 200 ") && !strings.Contains(line, " 304 ") {
			return fmt.Errorf("answered %s", line)
		}
		if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			if length, err = strconv.Atoi(strings.TrimSpace(n)); err != nil {
				return err
			}
		}
		if line == "\r\n" {
			break
		}
	}
	_, err := in.Discard(length)
	return err
}
