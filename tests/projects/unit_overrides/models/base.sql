select 1 as id, 'a' as name, [1, 2] as numbers, {'x': 1, 'y': 'z'} as pair, map {'k': 1} as m, 'V' as "Weird Name", 1 as "order"
