package wire

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"

	"github.com/weft-data/weft/tests/fakeaws/awsmodel"
)

// protocol is how requests and answers of a service look on the wire.
type protocol interface {
	decode(r *http.Request, m *awsmodel.Service, body []byte) (op string, input []byte, failure *Error)
	answer(w http.ResponseWriter, m *awsmodel.Service, op string, out []byte)
	fail(w http.ResponseWriter, m *awsmodel.Service, e *Error)
}

func protocolOf(m *awsmodel.Service) protocol {
	switch m.Protocol {
	case "query":
		return queryProtocol{}
	case "rest-json":
		return restProtocol{}
	}
	return jsonProtocol{}
}

func requestID() string {
	var b [16]byte
	rand.Read(b[:])
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// jsonProtocol is AWS JSON 1.1: the operation in X-Amz-Target, input and output as bodies.
type jsonProtocol struct{}

func (jsonProtocol) decode(r *http.Request, m *awsmodel.Service, body []byte) (string, []byte, *Error) {
	target := r.Header.Get("X-Amz-Target")
	prefix, op, ok := strings.Cut(target, ".")
	if !ok || prefix != m.Target {
		return "", nil, Errorf("UnknownOperationException", "%q is not an operation of %s", target, m.Name)
	}
	if ct := r.Header.Get("Content-Type"); !strings.HasPrefix(ct, "application/x-amz-json-1.") {
		return "", nil, Errorf("SerializationException", "content type %q", ct)
	}
	return op, body, nil
}

func (jsonProtocol) answer(w http.ResponseWriter, m *awsmodel.Service, op string, out []byte) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("X-Amzn-Requestid", requestID())
	w.Write(out)
}

func (jsonProtocol) fail(w http.ResponseWriter, m *awsmodel.Service, e *Error) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("X-Amzn-Requestid", requestID())
	w.Header().Set("X-Amzn-Errortype", e.Code)
	w.WriteHeader(m.ErrorStatus(e.Code))
	w.Write(errorBody(e))
}

func errorBody(e *Error) []byte {
	body := map[string]any{"__type": e.Code, "Message": e.Message, "message": e.Message}
	for k, v := range e.Fields {
		body[k] = v
	}
	b, _ := json.Marshal(body)
	return b
}

// restProtocol is REST with JSON, for services whose operations are one path each and whose input is all in the body (Lake Formation).
type restProtocol struct{}

func (restProtocol) decode(r *http.Request, m *awsmodel.Service, body []byte) (string, []byte, *Error) {
	for name, op := range m.Operations {
		if op.Method == r.Method && op.Path == r.URL.Path {
			return name, body, nil
		}
	}
	return "", nil, Errorf("UnknownOperationException", "%s %s is not an operation of %s", r.Method, r.URL.Path, m.Name)
}

func (restProtocol) answer(w http.ResponseWriter, m *awsmodel.Service, op string, out []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Requestid", requestID())
	w.Write(out)
}

func (restProtocol) fail(w http.ResponseWriter, m *awsmodel.Service, e *Error) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Requestid", requestID())
	w.Header().Set("X-Amzn-Errortype", e.Code)
	w.WriteHeader(m.ErrorStatus(e.Code))
	w.Write(errorBody(e))
}

// queryProtocol is AWS Query: a form in, XML out (STS).
type queryProtocol struct{}

func (queryProtocol) decode(r *http.Request, m *awsmodel.Service, body []byte) (string, []byte, *Error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return "", nil, Errorf("MalformedQueryString", "%v", err)
	}
	if v := form.Get("Version"); v != m.Version {
		return "", nil, Errorf("InvalidParameterValue", "Version %q, expected %s", v, m.Version)
	}
	input := map[string]any{}
	for k, v := range form {
		if k == "Action" || k == "Version" || len(v) == 0 {
			continue
		}
		// The operations that the fakes have take scalars alone; numbers are told by the model's check of their text.
		input[k] = v[0]
		if k == "DurationSeconds" {
			input[k] = json.Number(v[0])
		}
	}
	b, _ := json.Marshal(input)
	return form.Get("Action"), b, nil
}

func (queryProtocol) answer(w http.ResponseWriter, m *awsmodel.Service, op string, out []byte) {
	v, _ := decode(out)
	var b bytes.Buffer
	fmt.Fprintf(&b, "<%sResponse xmlns=\"https://sts.amazonaws.com/doc/%s/\"><%sResult>", op, m.Version, op)
	writeXML(&b, v)
	fmt.Fprintf(&b, "</%sResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></%sResponse>", op, requestID(), op)
	w.Header().Set("Content-Type", "text/xml")
	w.Write(b.Bytes())
}

func writeXML(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			b.WriteString("<" + k + ">")
			writeXML(b, v[k])
			b.WriteString("</" + k + ">")
		}
	case []any:
		for _, e := range v {
			b.WriteString("<member>")
			writeXML(b, e)
			b.WriteString("</member>")
		}
	default:
		xml.EscapeText(b, []byte(fmt.Sprint(v)))
	}
}

func (queryProtocol) fail(w http.ResponseWriter, m *awsmodel.Service, e *Error) {
	var b bytes.Buffer
	b.WriteString(`<ErrorResponse><Error><Type>Sender</Type><Code>` + e.Code + `</Code><Message>`)
	xml.EscapeText(&b, []byte(e.Message))
	b.WriteString("</Message></Error><RequestId>" + requestID() + "</RequestId></ErrorResponse>")
	w.Header().Set("Content-Type", "text/xml")
	status := m.ErrorStatus(e.Code)
	if strings.HasPrefix(e.Code, "AccessDenied") || strings.HasPrefix(e.Code, "ExpiredToken") || strings.HasPrefix(e.Code, "InvalidClientTokenId") {
		status = http.StatusForbidden
	}
	w.WriteHeader(status)
	w.Write(b.Bytes())
}
