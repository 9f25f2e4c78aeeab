// Programs on Go CDK's pubsub and on guregu/dynamo. Run by habits.sh, which sets AWS_ENDPOINT_URL.
package habits

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/guregu/dynamo/v2"
	"gocloud.dev/pubsub"
	_ "gocloud.dev/pubsub/awssnssqs"
)

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestGoCloudSendsAndReceives(t *testing.T) {
	ctx := within(t)
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		t.Fatal(err)
	}
	name := "gocloud"
	made, err := sqs.NewFromConfig(settings).CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		t.Fatal(err)
	}
	url := strings.Replace(*made.QueueUrl, "http://", "awssqs://", 1) + "?region=us-east-1"
	topic, err := pubsub.OpenTopic(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	subscription, err := pubsub.OpenSubscription(ctx, url+"&waittime=1s")
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"one", "two\nthree"} {
		sent := &pubsub.Message{Body: []byte(body), Metadata: map[string]string{"colour": "blue"}}
		if err := topic.Send(ctx, sent); err != nil {
			t.Fatal(err)
		}
		received, err := subscription.Receive(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if string(received.Body) != body || received.Metadata["colour"] != "blue" {
			t.Fatalf("%q %v", received.Body, received.Metadata)
		}
		received.Ack()
	}
	if err := topic.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if err := subscription.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
}

type order struct {
	Customer string `dynamo:",hash"`
	Number   int    `dynamo:",range"`
	Total    int64
	Placed   time.Time
	Tags     []string `dynamo:",set"`
}

func TestGureguDynamoKeepsItems(t *testing.T) {
	ctx := within(t)
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		t.Fatal(err)
	}
	db := dynamo.New(settings)
	if err := db.CreateTable("guregu", order{}).OnDemand(true).Wait(ctx); err != nil {
		t.Fatal(err)
	}
	table := db.Table("guregu")
	placed := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for number := 1; number <= 3; number++ {
		it := order{"ann", number, int64(number) * 100, placed, []string{"a", "b"}}
		if err := table.Put(it).If("attribute_not_exists(Customer)").Run(ctx); err != nil {
			t.Fatal(err)
		}
	}
	again := table.Put(order{Customer: "ann", Number: 1}).If("attribute_not_exists(Customer)")
	if err := again.Run(ctx); !dynamo.IsCondCheckFailed(err) {
		t.Fatal(err)
	}
	var found []order
	query := table.Get("Customer", "ann").Range("Number", dynamo.Greater, 1).Order(dynamo.Descending)
	if err := query.All(ctx, &found); err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 || found[0].Number != 3 || !found[0].Placed.Equal(placed) {
		t.Fatalf("%v", found)
	}
	var changed order
	update := table.Update("Customer", "ann").Range("Number", 1).Add("Total", 5)
	if err := update.Value(ctx, &changed); err != nil || changed.Total != 105 {
		t.Fatal(err, changed)
	}
	if os.Getenv("AWS_ENDPOINT_URL") == "" {
		t.Fatal("this was not the emulator")
	}
}
