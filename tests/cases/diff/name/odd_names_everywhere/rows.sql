INSERT INTO "Odd.Space"."say ""hi""" VALUES (1, E'back\\slash');
