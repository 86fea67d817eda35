-- The one place that knows the export's names. Everything else uses the names of the business.
with exported as (

    select * from {{ ref('mkt_sls_table') }}

)

select
    ord_num as order_number,
    ord_dt as ordered_on,
    sales_qty_sld as quantity,
    wholesale_cost,
    lst_pr as list_price,
    sell_pr as selling_price,
    disnt as discount,
    ship_mode,
    warehouse_id,
    item_id,
    ctlg_page as catalogue_page,
    ship_cust_id as shipped_to_customer_id,
    bill_cust_id as billed_customer_id
from exported
