-- Answers to services that sent a key with their request (Idempotency-Key): the same request with the same key gets the
-- stored answer, for a day. A row commits together with the change that it answers, so a service that lost the
-- connection at COMMIT can ask again and the change is made once. An answer may hold what is shown only once, a token or
-- an invitation's link, so it is sealed with a key made of the asking token's secret, which stands nowhere here.

-- +goose Up
CREATE TABLE service_answers (
    org_id       uuid NOT NULL,
    token_id     uuid NOT NULL,
    key          text NOT NULL CHECK (key <> ''),
    request_hash bytea NOT NULL,
    answer       bytea NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, token_id, key),
    FOREIGN KEY (org_id, token_id) REFERENCES api_tokens ON DELETE CASCADE
);
CREATE INDEX ON service_answers (org_id, made_at);
