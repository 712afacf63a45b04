SELECT nextval('moved');
