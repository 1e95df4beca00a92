module example.com/dashlift/conformance

go 1.24

require (
	github.com/BurntSushi/toml v1.6.0
	github.com/Masterminds/semver/v3 v3.5.0
)
