create table main.hook_log (what varchar);
