// Package conformance reads what dashlift wrote the way the builds of Dash Enterprise 5 do. The
// readers' own modules (kpack, Paketo) are not served by every module proxy, so what they do is
// written down here from their published sources, on the TOML and version libraries that they use.
package conformance

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/semver/v3"
)

type variable struct {
	Name  string `toml:"name"`
	Value string `toml:"value"`
}

type table struct {
	Include []string   `toml:"include"`
	Exclude []string   `toml:"exclude"`
	Env     []variable `toml:"env"`
}

// Environment is what the project descriptor puts into the environment of a build.
func Environment(file string) (map[string]string, error) {
	var second struct {
		Project struct {
			SchemaVersion string `toml:"schema-version"`
		} `toml:"_"`
		IO struct {
			Buildpacks struct {
				table `toml:",inline"`
				Build table `toml:"build"`
			} `toml:"buildpacks"`
		} `toml:"io"`
	}
	if _, err := toml.DecodeFile(file, &second); err != nil {
		return nil, err
	}
	read := []table{second.IO.Buildpacks.table, second.IO.Buildpacks.Build}
	switch second.Project.SchemaVersion {
	case "0.2":
	case "":
		var first struct {
			Build table `toml:"build"`
		}
		if _, err := toml.DecodeFile(file, &first); err != nil {
			return nil, err
		}
		read = []table{first.Build}
	default:
		return map[string]string{}, nil
	}
	if read[0].Include != nil && read[0].Exclude != nil {
		return nil, errors.New("both include and exclude")
	}
	environment := map[string]string{}
	for _, one := range read {
		for _, it := range one.Env {
			environment[it.Name] = it.Value
		}
	}
	return environment, nil
}

// pythons are releases of the minors that the builds of Dash Enterprise 5 offer.
var pythons = []string{"3.7.17", "3.8.20", "3.9.21", "3.10.16", "3.11.11", "3.12.8"}

// Python is the minor that a version constraint asks for: the highest that it allows.
func Python(constraint string) (string, error) {
	wanted, err := semver.NewConstraint(constraint)
	if err != nil {
		return "", err
	}
	for index := len(pythons) - 1; index >= 0; index-- {
		version := semver.MustParse(pythons[index])
		if wanted.Check(version) {
			return fmt.Sprintf("%d.%d", version.Major(), version.Minor()), nil
		}
	}
	return "", fmt.Errorf("no Python fits %q", constraint)
}

var process = regexp.MustCompile(`^([A-Za-z0-9_-]+):\s*(.+)$`)

// Processes are those of a Procfile, and the lines of it that are passed over.
func Processes(text []byte) (map[string]string, []string) {
	processes, passed := map[string]string{}, []string{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if parts := process.FindStringSubmatch(lines.Text()); parts != nil {
			processes[parts[1]] = parts[2]
		} else if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			passed = append(passed, line)
		}
	}
	return processes, passed
}

// Packages are the words of an Aptfile that the buildpack hands to apt or fetches.
func Packages(text string) []string {
	var words []string
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, ":repo:") {
			continue
		}
		words = append(words, strings.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == '\t' })...)
	}
	return words
}

// Installer is what installs the packages of an app: the first whose files are there.
func Installer(folder string) string {
	has := func(name string) bool {
		_, err := os.Stat(filepath.Join(folder, name))
		return err == nil
	}
	switch {
	case has("buildpack.yml"):
		return "none: buildpack.yml"
	case has("Pipfile"):
		return "pipenv"
	case has("requirements.txt"):
		return "pip"
	case has("environment.yml"), has("package-list.txt"):
		return "conda"
	}
	return "none"
}
