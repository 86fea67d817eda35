select '{{ this }}' as a, '{{ this.identifier }}' as i
