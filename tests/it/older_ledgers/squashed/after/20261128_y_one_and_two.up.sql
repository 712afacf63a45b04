-- Revision: y
-- Message: one and two
-- Created: 2026-11-28T19:58:26Z
-- Replaces: v1:sha256:513140aabcfe1c09e543a74cb0c3ef58b732eaa973d9284c1eb51e34778cabb2
-- Schema: sha256:284347ff0aaf74686b30529fe20b31b502ee4e5cdf64d1a3a76bb7d52903973d

-- Create table one.
-- Locks nothing that is in use.
CREATE TABLE one (
    i integer
);

-- Create table two.
-- Locks nothing that is in use.
CREATE TABLE two (
    i integer
);
