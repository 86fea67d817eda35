create table main.log_of_hooks (what varchar, who varchar);
