select 1 as a where false -- the end
