create table main.sent (who varchar, q varchar);
