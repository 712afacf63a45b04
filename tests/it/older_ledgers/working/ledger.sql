
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA aludel;


SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE aludel.event (
    id bigint NOT NULL,
    happened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    action text NOT NULL,
    revision text,
    sqlstate text,
    detail text,
    done_by text DEFAULT SESSION_USER NOT NULL,
    client_address inet DEFAULT inet_client_addr(),
    duration interval NOT NULL,
    tool_version text NOT NULL,
    CONSTRAINT event_action_check CHECK ((action = ANY (ARRAY['upgrade'::text, 'downgrade'::text, 'stamp'::text, 'repair'::text, 'failure'::text])))
);












ALTER TABLE aludel.event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME aludel.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE aludel.revision (
    id text NOT NULL,
    parents text[] NOT NULL,
    message text NOT NULL,
    checksum text NOT NULL,
    chain text NOT NULL,
    state text NOT NULL,
    segments_done integer NOT NULL,
    segments integer NOT NULL,
    segment_open boolean NOT NULL,
    done_digest text NOT NULL,
    fingerprint text,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    applied_by text DEFAULT SESSION_USER NOT NULL,
    duration interval NOT NULL,
    tool_version text NOT NULL,
    CONSTRAINT revision_check CHECK (((segments_done >= 0) AND (segments_done <= segments))),
    CONSTRAINT revision_state_check CHECK ((state = ANY (ARRAY['applying'::text, 'applied'::text, 'reverting'::text])))
);

















CREATE TABLE public.kept (
    i integer
);

CREATE TABLE public.notes (
    id bigint NOT NULL,
    note text,
    author text DEFAULT 'nobody'::text
);

INSERT INTO aludel.event OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-28 19:58:22.203091+00', 'upgrade', 'a', NULL, NULL, 'postgres', '127.0.0.1', '00:00:00.01', '0.1.0');
INSERT INTO aludel.event OVERRIDING SYSTEM VALUE VALUES (2, '2026-11-28 19:58:22.20569+00', 'upgrade', 'b', NULL, NULL, 'postgres', '127.0.0.1', '00:00:00', '0.1.0');
INSERT INTO aludel.event OVERRIDING SYSTEM VALUE VALUES (3, '2026-11-28 19:58:22.221072+00', 'upgrade', 'c', NULL, NULL, 'postgres', '127.0.0.1', '00:00:00.014', '0.1.0');
INSERT INTO aludel.event OVERRIDING SYSTEM VALUE VALUES (4, '2026-11-28 19:58:22.238902+00', 'failure', 'd', '42703', 'upgrade: migrations/d.up.sql:7:8: column "boom" does not exist', 'postgres', '127.0.0.1', '00:00:00.016', '0.1.0');

INSERT INTO aludel.revision VALUES ('a', '{}', 'notes', 'v1:sha256:e1e705086f7a85c08c9e552f7a9bf140cd325baf370ae6cffaae710e2ff9ce3c', 'v1:sha256:53ef508aa2815e864e5594e6752ab01c57df877f4c6ddba79037187612ed7f60', 'applied', 1, 1, false, '38768131524671a49e347f14d2232ce9d2144891671022a57a91d11d5cb21ca9', NULL, '2026-11-28 19:58:22.202704+00', 'postgres', '00:00:00.01', '0.1.0');
INSERT INTO aludel.revision VALUES ('b', '{a}', 'author of a note', 'v1:sha256:9b0c8cf013f79a715f34555ec4098c54d0f04b4e1c17d59dedbda1a3880cf5b4', 'v1:sha256:97353a71eae0245d548f7a79aeaeec16bce636bb7d304dceb3ac867ca4972957', 'applied', 1, 1, false, 'f8634628b1a7dd3e2da4684b470f1c5bb7b1318460e14ef8c6c5376967fb168b', NULL, '2026-11-28 19:58:22.205549+00', 'postgres', '00:00:00', '0.1.0');
INSERT INTO aludel.revision VALUES ('c', '{b}', 'index of authors', 'v1:sha256:52bf2ff51c0069004110885025fca59b1d31baf14a01c4c7489118b2e7d5ec1a', 'v1:sha256:0b17970f8034f1a912872e49d6dac1dce18af9a202b1d7aed2c18ff49df8c739', 'applied', 2, 2, false, 'cbb0047b4e05dd2b9139803ebb6de35f7ca5d7b447f1f12b029f25aaa34a304b', NULL, '2026-11-28 19:58:22.220839+00', 'postgres', '00:00:00.014', '0.1.0');
INSERT INTO aludel.revision VALUES ('d', '{c}', 'half way', 'v1:sha256:fae1e9519a9538f921e6f9a7d1ee1fb9c435b2c97d2aa316ed8e5465b7191a3b', 'v1:sha256:0959c52c99a3d6a67f42aee061da40114c8f58a0abcb1a600b023e6c47dffe24', 'applying', 2, 3, false, 'b9d7e23ce94c14b59f6b0f70878b0858a461e886958e896d56c3ab555f2eea4a', NULL, '2026-11-28 19:58:22.23705+00', 'postgres', '00:00:00.015', '0.1.0');

INSERT INTO public.notes VALUES (1, 'a; b', 'nobody');

SELECT pg_catalog.setval('aludel.event_id_seq', 4, true);

ALTER TABLE ONLY aludel.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY aludel.revision
    ADD CONSTRAINT revision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_pkey PRIMARY KEY (id);

CREATE INDEX notes_author_idx ON public.notes USING btree (author);

