package conformance

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var runtime = regexp.MustCompile(`^python-(3\.(?:7|8|9|10|11|12))\.\d+\s*$`)

// apps are the folders of CONFORMANCE_CONVERTED in which dashlift found something to convert; the same
// app as it was is below CONFORMANCE_ORIGINAL.
func apps(t *testing.T) [][2]string {
	converted, original := os.Getenv("CONFORMANCE_CONVERTED"), os.Getenv("CONFORMANCE_ORIGINAL")
	if converted == "" || original == "" {
		t.Skip("run .ci/conformance")
	}
	folders := map[string]bool{}
	err := filepath.WalkDir(converted, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == ".git" {
			return filepath.SkipDir
		}
		switch entry.Name() {
		case "project.toml", "Procfile", "Aptfile", "environment.yml", "requirements.txt":
			folders[filepath.Dir(path)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var found [][2]string
	for folder := range folders {
		below, err := filepath.Rel(converted, folder)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, [2]string{folder, filepath.Join(original, below)})
	}
	return found
}

// changed is a file as it is now, where dashlift wrote it.
func changed(app [2]string, name string) ([]byte, bool) {
	now, err := os.ReadFile(filepath.Join(app[0], name))
	if err != nil {
		return nil, false
	}
	before, err := os.ReadFile(filepath.Join(app[1], name))
	return now, err != nil || !bytes.Equal(now, before)
}

func TestProjectDescriptor(t *testing.T) {
	seen := 0
	for _, app := range apps(t) {
		if _, is := changed(app, "project.toml"); !is {
			continue
		}
		seen++
		environment, err := Environment(filepath.Join(app[0], "project.toml"))
		if err != nil {
			t.Errorf("%s: the build fails: %v", app[0], err)
			continue
		}
		asked, is := environment["BP_CPYTHON_VERSION"]
		if !is {
			continue
		}
		python, err := Python(asked)
		if err != nil {
			t.Errorf("%s: %v", app[0], err)
		}
		was, err := os.ReadFile(filepath.Join(app[1], "runtime.txt"))
		if err != nil {
			continue
		}
		if parts := runtime.FindSubmatch(was); parts != nil && string(parts[1]) != python {
			t.Errorf("%s: %s before, %s read now", app[0], parts[1], python)
		}
	}
	t.Logf("%d project descriptors", seen)
	if seen == 0 {
		t.Error("dashlift wrote none")
	}
}

func TestProcfile(t *testing.T) {
	seen := 0
	for _, app := range apps(t) {
		text, is := changed(app, "Procfile")
		if !is {
			continue
		}
		seen++
		processes, passed := Processes(text)
		if len(passed) > 0 {
			t.Errorf("%s: passed over: %q", app[0], passed)
		}
		for name, command := range processes {
			if strings.TrimSpace(command) == "" || strings.Contains(command, "\r") {
				t.Errorf("%s: %s is %q", app[0], name, command)
			}
		}
	}
	t.Logf("%d Procfiles", seen)
}

func TestAptfile(t *testing.T) {
	seen := 0
	for _, app := range apps(t) {
		text, is := changed(app, "Aptfile")
		if !is {
			continue
		}
		seen++
		if bytes.Contains(text, []byte("\r")) {
			t.Errorf("%s: CR line ends become a part of names", app[0])
		}
		for _, word := range Packages(string(text)) {
			if strings.HasPrefix(word, "#") || strings.HasPrefix(word, ":") {
				t.Errorf("%s: apt is asked for %q", app[0], word)
			}
		}
	}
	t.Logf("%d Aptfiles", seen)
}

func TestInstaller(t *testing.T) {
	seen := 0
	for _, app := range apps(t) {
		if _, is := changed(app, "environment.yml"); !is {
			continue
		}
		seen++
		if who := Installer(app[0]); who != "conda" {
			t.Errorf("%s: environment.yml was written, and %s installs", app[0], who)
		}
	}
	t.Logf("%d environments", seen)
}
