package audit

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
)

// What a file in a bundle may hold at most, in bytes: nothing is read further, whatever
// an archive unpacks to.
const (
	maxLine       = 64 << 10
	maxCheckpoint = 64 << 10
	maxManifest   = 256 << 10
)

// open finds the files by their exact names; nothing is ever unpacked to a path.
func (b *bundleReader) open(file io.ReaderAt, size int64) error {
	archive, err := zip.NewReader(file, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return incomplete("this is no whole bundle: it was cut off, or it is another kind of file")
	}
	b.files = map[string]*zip.File{}
	for _, f := range archive.File {
		if f.Name != checkpointsFile && f.Name != linesFile && f.Name != manifestFile {
			return tampered("it holds a file that is no part of a bundle: %q", f.Name)
		}
		if b.files[f.Name] != nil {
			return tampered("it holds %s twice", f.Name)
		}
		b.files[f.Name] = f
	}
	for _, name := range []string{manifestFile, checkpointsFile, linesFile} {
		if b.files[name] == nil {
			return incomplete("it holds no %s", name)
		}
	}
	return nil
}

// eachLine reads a file of lines, one at a time, and hashes it.
func (b *bundleReader) eachLine(name string, most int, read func([]byte) error) (sum string, err error) {
	file, err := b.files[name].Open()
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // it was read
	all := sha256.New()
	lines := bufio.NewReaderSize(io.TeeReader(file, hash.Hash(all)), most)
	for {
		line, err := lines.ReadSlice('\n')
		switch {
		case err == io.EOF && len(line) == 0:
			return hex.EncodeToString(all.Sum(nil)), nil
		case err == io.EOF:
			return "", tampered("%s ends in the middle of a line", name)
		case errors.Is(err, bufio.ErrBufferFull):
			return "", tampered("%s has a line that is too long to be one", name)
		case err != nil:
			return "", err
		}
		if err := read(line[:len(line)-1]); err != nil {
			return "", err
		}
	}
}

// readBundled reads a line that is written as it would be written again, and no other:
// nothing is in a bundle that is not looked at.
func readBundled(line []byte, to any) error {
	if err := json.Unmarshal(line, to); err != nil {
		return err
	}
	again, err := marshal(to)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, line) {
		return errors.New("it is written in another way")
	}
	return nil
}
