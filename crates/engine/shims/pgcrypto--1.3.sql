-- The functions of pgcrypto 1.3 with the same signatures, volatility and strictness, in SQL.
-- digest is right for md5 and the sha2 family; sha1 is cut from SHA-256. All else gives values of
-- the right type and hides nothing: encryption gives back what came in. That is enough to build a
-- schema; nothing is stored.

CREATE FUNCTION digest(text, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$
    SELECT CASE lower($2)
        WHEN 'md5' THEN decode(md5(convert_to($1, 'UTF8')), 'hex')
        WHEN 'sha224' THEN sha224(convert_to($1, 'UTF8'))
        WHEN 'sha256' THEN sha256(convert_to($1, 'UTF8'))
        WHEN 'sha384' THEN sha384(convert_to($1, 'UTF8'))
        WHEN 'sha512' THEN sha512(convert_to($1, 'UTF8'))
        ELSE substr(sha256(convert_to($1, 'UTF8')), 1, 20)
    END
$$;

CREATE FUNCTION digest(bytea, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$
    SELECT CASE lower($2)
        WHEN 'md5' THEN decode(md5($1), 'hex')
        WHEN 'sha224' THEN sha224($1)
        WHEN 'sha256' THEN sha256($1)
        WHEN 'sha384' THEN sha384($1)
        WHEN 'sha512' THEN sha512($1)
        ELSE substr(sha256($1), 1, 20)
    END
$$;

CREATE FUNCTION hmac(text, text, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$
    SELECT CASE lower($3)
        WHEN 'md5' THEN decode(md5(convert_to($2 || $1, 'UTF8')), 'hex')
        WHEN 'sha224' THEN sha224(convert_to($2 || $1, 'UTF8'))
        WHEN 'sha256' THEN sha256(convert_to($2 || $1, 'UTF8'))
        WHEN 'sha384' THEN sha384(convert_to($2 || $1, 'UTF8'))
        WHEN 'sha512' THEN sha512(convert_to($2 || $1, 'UTF8'))
        ELSE substr(sha256(convert_to($2 || $1, 'UTF8')), 1, 20)
    END
$$;

CREATE FUNCTION hmac(bytea, bytea, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$
    SELECT CASE lower($3)
        WHEN 'md5' THEN decode(md5(($2 || $1)), 'hex')
        WHEN 'sha224' THEN sha224(($2 || $1))
        WHEN 'sha256' THEN sha256(($2 || $1))
        WHEN 'sha384' THEN sha384(($2 || $1))
        WHEN 'sha512' THEN sha512(($2 || $1))
        ELSE substr(sha256(($2 || $1)), 1, 20)
    END
$$;

CREATE FUNCTION crypt(text, text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT left($2, 7) || md5($2 || $1) $$;

CREATE FUNCTION gen_salt(text) RETURNS text
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT '$' || left($1, 2) || '$' || left(md5(gen_random_uuid()::text), 22) $$;

CREATE FUNCTION gen_salt(text, int4) RETURNS text
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT '$' || left($1, 2) || '$' || left(md5(gen_random_uuid()::text), 22) $$;

CREATE FUNCTION encrypt(bytea, bytea, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION encrypt_iv(bytea, bytea, bytea, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION decrypt(bytea, bytea, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION decrypt_iv(bytea, bytea, bytea, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION gen_random_bytes(int4) RETURNS bytea
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$
    SELECT substr(string_agg(uuid_send(gen_random_uuid()), ''::bytea), 1, $1)
    FROM generate_series(0, $1 / 16)
$$;

CREATE FUNCTION gen_random_uuid() RETURNS uuid
VOLATILE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT pg_catalog.gen_random_uuid() $$;

CREATE FUNCTION pgp_sym_encrypt(text, text) RETURNS bytea
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT convert_to($1, 'UTF8') $$;

CREATE FUNCTION pgp_sym_encrypt_bytea(bytea, text) RETURNS bytea
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION pgp_sym_encrypt(text, text, text) RETURNS bytea
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT convert_to($1, 'UTF8') $$;

CREATE FUNCTION pgp_sym_encrypt_bytea(bytea, text, text) RETURNS bytea
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION pgp_sym_decrypt(bytea, text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT convert_from($1, 'UTF8') $$;

CREATE FUNCTION pgp_sym_decrypt_bytea(bytea, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION pgp_sym_decrypt(bytea, text, text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT convert_from($1, 'UTF8') $$;

CREATE FUNCTION pgp_sym_decrypt_bytea(bytea, text, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION pgp_pub_encrypt(text, bytea) RETURNS bytea
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT convert_to($1, 'UTF8') $$;

CREATE FUNCTION pgp_pub_encrypt_bytea(bytea, bytea) RETURNS bytea
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION pgp_pub_encrypt(text, bytea, text) RETURNS bytea
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT convert_to($1, 'UTF8') $$;

CREATE FUNCTION pgp_pub_encrypt_bytea(bytea, bytea, text) RETURNS bytea
VOLATILE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION pgp_pub_decrypt(bytea, bytea) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT convert_from($1, 'UTF8') $$;

CREATE FUNCTION pgp_pub_decrypt_bytea(bytea, bytea) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION pgp_pub_decrypt(bytea, bytea, text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT convert_from($1, 'UTF8') $$;

CREATE FUNCTION pgp_pub_decrypt_bytea(bytea, bytea, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION pgp_pub_decrypt(bytea, bytea, text, text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT convert_from($1, 'UTF8') $$;

CREATE FUNCTION pgp_pub_decrypt_bytea(bytea, bytea, text, text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT $1 $$;

CREATE FUNCTION pgp_key_id(bytea) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT upper(left(md5($1), 16)) $$;

CREATE FUNCTION armor(bytea) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT encode($1, 'base64') $$;

CREATE FUNCTION armor(bytea, text[], text[]) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT encode($1, 'base64') $$;

CREATE FUNCTION dearmor(text) RETURNS bytea
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT decode($1, 'base64') $$;

CREATE FUNCTION pgp_armor_headers(text, key OUT text, value OUT text) RETURNS SETOF record
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
AS $$ SELECT ''::text, ''::text WHERE false $$;
