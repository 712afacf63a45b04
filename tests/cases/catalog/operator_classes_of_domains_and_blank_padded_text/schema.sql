CREATE DOMAIN email AS varchar(100);
CREATE DOMAIN work_email AS email;
CREATE TABLE t (a work_email, b char(3));
CREATE INDEX as_default ON t (a, b);
CREATE INDEX as_text ON t (a text_ops);
CREATE INDEX as_blank_padded ON t (a bpchar_ops);
