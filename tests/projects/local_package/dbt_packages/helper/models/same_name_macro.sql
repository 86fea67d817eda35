select '{{ who() }}' as who
