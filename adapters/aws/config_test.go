package aws

import (
	"context"
	"testing"

	"github.com/aws/smithy-go/logging"
)

// What the SDK has to say of connections does not land between the lines of a run.
func TestSDKIsSilent(t *testing.T) {
	c, err := Load(context.Background(), Options{Region: "eu-west-1", AccessKey: "AKIAX", SecretKey: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, silent := c.Logger.(logging.Nop); !silent {
		t.Errorf("the SDK writes to %T", c.Logger)
	}
}
