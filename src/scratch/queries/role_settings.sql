-- What the session's role has set for all its sessions (ALTER ROLE … SET), as far as any role may set it.
SELECT setting.name, substr(config, strpos(config, '=') + 1) AS value
  FROM pg_db_role_setting AS it
 CROSS JOIN unnest(it.setconfig) AS config
  JOIN pg_settings AS setting ON setting.name = split_part(config, '=', 1) AND setting.context = 'user'
 WHERE it.setdatabase = 0 AND it.setrole = current_user::regrole
 ORDER BY 1;
