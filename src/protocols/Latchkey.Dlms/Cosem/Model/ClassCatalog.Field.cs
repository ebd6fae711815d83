namespace Latchkey.Dlms.Cosem.Model;

public static partial class ClassCatalog
{
    private const string UnitCharge = "{{i8,i8},{u16,name,i8},[{octets,i16}]}";

    private static ClassDefinition[] Communication =>
    [
        new(
            InterfaceClass.LocalPort, 1, "IEC local port setup",
            ["default_mode:enum", "default_baud:enum", "prop_baud:enum", "response_time:enum", "device_addr:octets", "pass_p1:octets", "pass_p2:octets", "pass_w5:octets"]),
        new(
            InterfaceClass.HdlcSetup, 1, "IEC HDLC setup",
            [
                "comm_speed:enum", "window_size_transmit:u8", "window_size_receive:u8", "max_info_field_length_transmit:u16", "max_info_field_length_receive:u16",
                "inter_octet_time_out:u16", "inactivity_time_out:u16", "device_address:u16",
            ]),
        new(
            InterfaceClass.AutoAnswer, 2, "Auto answer",
            ["mode:enum", $"listening_window:{Window}", "~status:enum", "number_of_calls:u8", "number_of_rings:{u8,u8}", "list_of_allowed_callers:[{octets,enum}]"]),
        new(
            InterfaceClass.AutoConnect, 2, "Auto connect",
            ["mode:enum", "repetitions:u8", "repetition_delay:u16", $"calling_window:{Window}", "destination_list:[octets]"], "connect:i8"),
        new(
            InterfaceClass.PushSetup, 2, "Push setup",
            [
                $"push_object_list:[{RestrictedColumn}]", "send_destination_and_method:{enum,octets,enum}", $"communication_window:{Window}",
                "randomisation_start_interval:u16", "number_of_retries:u8", "repetition_delay:{u16,u16,u16}", "port_reference:octets", "push_client_SAP:i8",
                "push_protection_parameters:[any]", "push_operation_method:enum", "confirmation_parameters:{datetime,u32}", "~last_confirmation_date_time:datetime",
            ],
            "push:i8", "reset:i8"),
        new(InterfaceClass.TcpUdpSetup, 0, "TCP-UDP setup", ["TCP-UDP_port:u16", "IP_reference:name", "MSS:u16", "nb_of_sim_conn:u8", "inactivity_time_out:u16"]),
        new(
            InterfaceClass.Ipv4Setup, 0, "IPv4 setup",
            [
                "DL_reference:name", "IP_address:u32", "multicast_IP_address:[u32]", "IP_options:[{u8,u8,octets}]", "subnet_mask:u32", "gateway_IP_address:u32",
                "use_DHCP_flag:bool", "primary_DNS_address:u32", "secondary_DNS_address:u32",
            ],
            "add_mc_IP_address:u32", "delete_mc_IP_address:u32", "get_nbof_mc_IP_addresses:i8"),
        new(
            InterfaceClass.PppSetup, 0, "PPP setup",
            ["PHY_reference:name", "LCP_options:[{u8,u8,any}]", "IPCP_options:[{u8,u8,any}]", "PPP_authentication:any"]),
        new(InterfaceClass.GprsSetup, 0, "GPRS modem setup", ["APN:octets", "PIN_code:u16", "quality_of_service:{{u8,u8,u8,u8,u8},{u8,u8,u8,u8,u8}}"]),
        new(
            InterfaceClass.GsmDiagnostic, 1, "GSM diagnostic",
            [
                "~operator:visible", "~status:enum", "~cs_attachment:enum", "~ps_status:enum", "~cell_info:{u32,u16,u8,u8,u16,u16,u32}", "~adjacent_cells:[{u32,u8}]",
                "~capture_time:datetime",
            ]),
        new(
            InterfaceClass.LoRaWanSetup, 0, "LoRaWAN setup",
            [
                "class:enum", "~state:enum", "max_EIRP:i8", "ADR:bool", "region:enum", "~device_operation:any", "~modem_versions:any", "~devAddr:u32",
                "join_strategy:any", "multicast:[any]",
            ],
            "disconnect:i8", "change_class:enum", "change_region:enum"),
        new(InterfaceClass.LteMonitoring, 0, "LTE monitoring", ["~LTE_network_parameters:{u16,u16,u16,u32,u16,i8}", "~LTE_quality_of_service:{i8,i8,i8}"]),
        new(
            InterfaceClass.CoapSetup, 0, "CoAP setup",
            [
                "UDP_reference:name", "ack_timeout:u16", "ack_random_factor:u16", "max_retransmit:u16", "nstart:u16", "delay_ack_timeout:u16",
                "exponential_back_off:u16", "probing_rate:u16", "CoAP_uri_path:octets", "transport_mode:enum", "wrapper_version:any",
            ]),
        new(
            InterfaceClass.CoapDiagnostic, 0, "CoAP diagnostic",
            ["~messages_counter:any", "~request_response_counter:any", "~bt_counter:any", "~capture_time:any"], "reset:i8"),
    ];

    private static ClassDefinition[] Supply =>
    [
        new(
            InterfaceClass.Arbitrator, 0, "Arbitrator",
            [$"actions:[{Script}]", "permissions_table:[bits]", "weightings_table:[[u16]]", "~most_recent_requests_table:[bits]", "~last_outcome:u8"],
            "request_action:{u8,bits}", "reset:i8"),
        new(
            InterfaceClass.DisconnectControl, 0, "Disconnect control", ["~output_state:bool", "~control_state:enum", "control_mode:enum"],
            "remote_disconnect:i8", "remote_reconnect:i8"),
        new(
            InterfaceClass.Limiter, 0, "Limiter",
            [
                "monitored_value:{u16,name,i8}", "~threshold_active:number", "threshold_normal:number", "threshold_emergency:number",
                "min_over_threshold_duration:u32", "min_under_threshold_duration:u32", "emergency_profile:{u16,datetime,u32}",
                "emergency_profile_group_id_list:[u16]", "~emergency_profile_active:bool", $"actions:{{{Script},{Script}}}",
            ]),
    ];

    private static ClassDefinition[] Payment =>
    [
        new(
            InterfaceClass.CosemAccount, 0, "Account",
            [
                "account_mode_and_status:{enum,enum}", "~current_credit_in_use:u8", "~current_credit_status:bits8", "~available_credit:i32", "~amount_to_clear:i32",
                "clearance_threshold:i32", "~aggregated_debt:i32", "credit_reference_list:[name]", "charge_reference_list:[name]",
                "credit_charge_configuration:[{name,name,bits3}]", "token_gateway_configuration:[{name,u8}]", "account_activation_time:datetime",
                "account_closure_time:datetime", "currency:{utf8,i8,enum}", "~low_credit_threshold:i32", "~next_credit_available_threshold:i32",
                "max_provision:u16", "max_provision_period:i32",
            ],
            "activate_account:i8", "close_account:i8", "reset_account:i8"),
        new(
            InterfaceClass.CosemCredit, 0, "Credit",
            [
                "~current_credit_amount:i32", "credit_type:enum", "priority:u8", "warning_threshold:i32", "limit:i32", "credit_configuration:bits5",
                "~credit_status:enum", "preset_credit_amount:i32", "credit_available_threshold:i32", "period:datetime",
            ],
            "update_amount:i32", "set_amount_to_value:i32", "invoke_credit:u8"),
        new(
            InterfaceClass.CosemCharge, 0, "Charge",
            [
                "~total_amount_paid:i32", "charge_type:enum", "priority:u8", $"unit_charge_active:{UnitCharge}", $"unit_charge_passive:{UnitCharge}",
                "unit_charge_activation_time:datetime", "period:u32", "charge_configuration:bits2", "~last_collection_time:datetime",
                "~last_collection_amount:i32", "~total_amount_remaining:i32", "proportion:u16",
            ],
            "update_unit_charge:[{octets,i16}]", "activate_passive_unit_charge:i8", "collect:i8", "update_total_amount_remaining:i32",
            "set_total_amount_remaining:i32"),
        new(
            InterfaceClass.TokenGateway, 0, "Token gateway",
            ["~token:octets", "~token_time:datetime", "~token_description:[octets]", "~token_delivery_method:enum", "~token_status:{enum,bits}"],
            "enter:octets"),
        new(
            InterfaceClass.StsAttributes, 0, "IEC 62055-41 attributes",
            [
                "meter_PAN:{u32,u64,u8}", "commodity:visible", "token_carrier_types:[u8]", "~encryption_algorithm:u8", "~supply_group_code:u32", "~tariff_index:u8",
                "~key_revision_number:u8", "~key_type:u8", "~key_expiry_number:u8", "no_of_kct_supported:u8", "sts_certificate_no:visible",
            ]),
    ];
}
