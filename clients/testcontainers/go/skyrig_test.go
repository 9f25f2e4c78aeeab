package skyrig

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/testcontainers/testcontainers-go"
)

func TestAContainerServesWhenItHasStarted(t *testing.T) {
	if os.Getenv("SKYRIG_IMAGE") == "" {
		t.Skip("SKYRIG_IMAGE names no image")
	}
	ctx := context.Background()
	container, err := Run(ctx, Image(), WithFlags("--clock", "manual"))
	testcontainers.CleanupContainer(t, container)
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := container.BaseEndpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(endpoint + "/_skyrig/clock")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if !strings.Contains(string(body), `"mode":"manual"`) {
		t.Fatalf("%s", body)
	}
}

func TestFlagsFollowThoseThatMakeItReachable(t *testing.T) {
	request := testcontainers.GenericContainerRequest{}
	options := []testcontainers.ContainerCustomizer{
		testcontainers.WithCmd("serve"), WithFlags("--clock", "manual"),
	}
	for _, option := range options {
		if err := option.Customize(&request); err != nil {
			t.Fatal(err)
		}
	}
	if found := strings.Join(request.Cmd, " "); found != "serve --clock manual" {
		t.Fatal(found)
	}
}
