// Package skyrig runs skyrig, an emulator of AWS's messaging services, in a container for tests.
package skyrig

import (
	"context"
	"fmt"
	"os"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// Port is the one inside of the container.
const Port = "4566/tcp"

// Image is what is run unless somebody says otherwise: skyrig:0.1.0, or what SKYRIG_IMAGE says.
func Image() string {
	if image := os.Getenv("SKYRIG_IMAGE"); image != "" {
		return image
	}
	return "skyrig:0.1.0"
}

// Container is skyrig in a container.
type Container struct {
	testcontainers.Container
}

// WithFlags adds flags of `skyrig serve`.
func WithFlags(flags ...string) testcontainers.CustomizeRequestOption {
	return testcontainers.WithCmdArgs(flags...)
}

// Run starts the image. It returns when the container says `Ready.`: then clients are served.
func Run(
	ctx context.Context, image string, options ...testcontainers.ContainerCustomizer,
) (*Container, error) {
	own := []testcontainers.ContainerCustomizer{
		testcontainers.WithExposedPorts(Port),
		testcontainers.WithCmd("serve", "--listen", "0.0.0.0:4566"),
		testcontainers.WithWaitStrategy(wait.ForLog("Ready.")),
	}
	started, err := testcontainers.Run(ctx, image, append(own, options...)...)
	var container *Container
	if started != nil {
		container = &Container{Container: started}
	}
	if err != nil {
		return container, fmt.Errorf("run skyrig: %w", err)
	}
	return container, nil
}

// BaseEndpoint is what AWS's clients take as such.
func (c *Container) BaseEndpoint(ctx context.Context) (string, error) {
	return c.PortEndpoint(ctx, Port, "http")
}
