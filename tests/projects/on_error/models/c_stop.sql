select * from main.not_there
