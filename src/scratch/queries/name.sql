-- What tells servers apart that may say something else of the same SQL.
SELECT concat_ws(E'\n',
       version(),
       (SELECT string_agg(concat_ws(' ', name, default_version), ', ' ORDER BY name)
          FROM pg_available_extensions),
       (SELECT string_agg(concat_ws(' ', name, setting), ', ' ORDER BY name)
          FROM pg_settings
         WHERE category LIKE 'Client Connection Defaults / %'
            OR category LIKE 'Version and Platform Compatibility / %'
            OR category = 'Preset Options'),
       (SELECT concat_ws(' ', encoding, datcollate, datctype)
          FROM pg_database WHERE datname = 'template0'),
       (SELECT concat_ws(' ', rolname, rolsuper, rolcreaterole)
          FROM pg_roles WHERE rolname = current_user),
       -- Those that a statement may name.
       (SELECT string_agg(rolname, ', ' ORDER BY rolname)
          FROM pg_roles WHERE rolname !~ '^(pg_|aludel_scratch_)'));
