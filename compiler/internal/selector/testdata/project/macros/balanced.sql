{% test balanced(model, other) %} select 1 from {{ model }} join {{ other }} using (id) where false {% endtest %}
