-- Revision: {{ id }}
{% if !parents.is_empty() -%}
-- Revises: {{ parents|join(", ") }}
{% endif -%}
{% if !message.is_empty() -%}
-- Message: {{ self::one_line(message) }}
{% endif -%}
{% if let Some(created) = created -%}
-- Created: {{ created }}
{% endif -%}
{% if !labels.is_empty() -%}
-- Labels: {{ labels|join(", ") }}
{% endif -%}
{% if !depends.is_empty() -%}
-- Depends: {{ depends|join(", ") }}
{% endif -%}
{% if let Some(phase) = phase -%}
-- Phase: {{ phase.word() }}
{% endif -%}
{% if let Some(origin) = origin -%}
-- Origin: {{ origin.word() }}
{% endif -%}
{% if !variables.is_empty() -%}
-- Variables: {{ self::shown_variables(variables) }}
{% endif -%}
{% if let Some(word) = transaction.word() -%}
-- Transaction: {{ word }}
{% endif -%}
{% if let Some(chain) = replaces -%}
-- Replaces: {{ chain }}
{% endif -%}
{% if let Some(fingerprint) = fingerprint -%}
-- Schema: {{ fingerprint }}
{% endif -%}
{% if !allows.is_empty() -%}
-- Allows: {{ self::shown_allowed(allows) }}
{% endif -%}
{% if let Some(proof) = proof -%}
-- Proof: {{ proof }}
{% endif -%}
