select {{ var('everywhere') }} as everywhere, '{{ var('shadowed') }}' as shadowed, '{{ var('missing', 'default') }}' as missing,
  '{{ var('words') | join('-') }}' as words, {{ var('settings')['high'] }} as high, {{ 'true' if var.has_var('words') else 'false' }} as has_words
