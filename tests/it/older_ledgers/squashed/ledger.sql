
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

















CREATE TABLE public.one (
    i integer
);

CREATE TABLE public.three (
    i integer
);

CREATE TABLE public.two (
    i integer
);

INSERT INTO aludel.event OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-28 19:58:22.795836+00', 'upgrade', 'x', NULL, NULL, 'postgres', '127.0.0.1', '00:00:00.005', '0.1.0');
INSERT INTO aludel.event OVERRIDING SYSTEM VALUE VALUES (2, '2026-11-28 19:58:22.798849+00', 'upgrade', 'y', NULL, NULL, 'postgres', '127.0.0.1', '00:00:00.001', '0.1.0');
INSERT INTO aludel.event OVERRIDING SYSTEM VALUE VALUES (3, '2026-11-28 19:58:22.801603+00', 'upgrade', 'z', NULL, NULL, 'postgres', '127.0.0.1', '00:00:00.001', '0.1.0');

INSERT INTO aludel.revision VALUES ('x', '{}', 'one', 'v1:sha256:47b8c4f21fa207807efc5bf915f703c966e7597d9ab1a19031dc9433946d6b07', 'v1:sha256:14eff22b933cb6913f0ba97954eb9c22586aa843a9125d3a1212e6703870515d', 'applied', 1, 1, false, 'f8a59a7b8068cf489d5fa3105a3403711025d490371f092d2a8d47df9462d504', NULL, '2026-11-28 19:58:22.795417+00', 'postgres', '00:00:00.005', '0.1.0');
INSERT INTO aludel.revision VALUES ('y', '{x}', 'two', 'v1:sha256:dca61139d3b16a01a7ac0d393bb27559e14fe742e9ce3fb1f5e9e81bf0e2e03e', 'v1:sha256:513140aabcfe1c09e543a74cb0c3ef58b732eaa973d9284c1eb51e34778cabb2', 'applied', 1, 1, false, 'e6dc0b7845c58b6cb5c9c58e83c5f287a7fe01c721d25fa417902ccfab6514e1', NULL, '2026-11-28 19:58:22.798742+00', 'postgres', '00:00:00.001', '0.1.0');
INSERT INTO aludel.revision VALUES ('z', '{y}', 'three', 'v1:sha256:6712b95018698f949c4b666c5624509fc50e62b83aaf05c8d14627c7e2fffa4c', 'v1:sha256:ba7a44487f41ffff167cfd4491adfe5899e81e0e7bf6ab6cbd6268cc6fb3e315', 'applied', 1, 1, false, '47c7ec5cc062a68d84cb0b14e1f841a9f55b8fa58cd0592e1c6c6d792603a3e6', NULL, '2026-11-28 19:58:22.801404+00', 'postgres', '00:00:00.001', '0.1.0');

SELECT pg_catalog.setval('aludel.event_id_seq', 3, true);

ALTER TABLE ONLY aludel.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY aludel.revision
    ADD CONSTRAINT revision_pkey PRIMARY KEY (id);

