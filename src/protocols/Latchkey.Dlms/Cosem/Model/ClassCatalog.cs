namespace Latchkey.Dlms.Cosem.Model;

/// <summary>The interface classes known here, as data: what an object shows, what a test holds it against, what a page prints.</summary>
/// <remarks>Source: IEC 62056-6-2.</remarks>
public static partial class ClassCatalog
{
    private const string ScalerUnit = "scaler_unit:{i8,enum}";
    private const string Column = "{u16,name,i8,u16}";
    private const string RestrictedColumn = "{u16,name,i8,u16,{enum,any},[{u16,name,i8,u16}]}";
    private const string Window = "[{datetime,datetime}]";
    private const string Script = "{name,u16}";

    private static readonly Dictionary<(InterfaceClass Class, byte Version), ClassDefinition> ByClass =
        Measuring.Concat(Timing).Concat(Management).Concat(Communication).Concat(Supply).Concat(Payment).ToDictionary(d => (d.Class, d.Version));

    /// <summary>All definitions, by class.</summary>
    public static IEnumerable<ClassDefinition> All => ByClass.Values.OrderBy(d => d.Class).ThenBy(d => d.Version);

    /// <summary>The definition of a class and version; null where it is not known here.</summary>
    public static ClassDefinition? Find(InterfaceClass id, byte version) => ByClass.GetValueOrDefault((id, version));

    internal static ClassDefinition Of(InterfaceClass id, byte version = 0) => ByClass[(id, version)];

    private static ClassDefinition[] Measuring =>
    [
        new(InterfaceClass.Data, 0, "Data", ["value:any"]),
        new(InterfaceClass.Register, 0, "Register", ["value:any", ScalerUnit], "reset:i8"),
        new(InterfaceClass.ExtendedRegister, 0, "Extended register", ["value:any", ScalerUnit, "~status:any", "~capture_time:datetime"], "reset:i8"),
        new(
            InterfaceClass.DemandRegister, 0, "Demand register",
            ["~current_average_value:any", "~last_average_value:any", ScalerUnit, "~status:any", "~capture_time:datetime", "~start_time_current:datetime", "period:u32", "number_of_periods:u16"],
            "reset:i8", "next_period:i8"),
        new(
            InterfaceClass.RegisterActivation, 0, "Register activation",
            ["register_assignment:[{u16,name}]", "mask_list:[{octets,[u8]}]", "active_mask:octets"],
            "add_register:{u16,name}", "add_mask:{octets,[u8]}", "delete_mask:octets"),
        new(
            InterfaceClass.ProfileGeneric, 1, "Profile generic",
            ["~buffer:any", $"capture_objects:[{Column}]", "capture_period:u32", "sort_method:enum", $"sort_object:{Column}", "~entries_in_use:u32", "profile_entries:u32"],
            "reset:i8", "capture:i8"),
        new(
            InterfaceClass.CompactData, 1, "Compact data",
            ["~compact_buffer:octets", $"capture_objects:[{RestrictedColumn}]", "template_id:u8", "~template_description:octets", "capture_method:enum"],
            "reset:i8", "capture:i8"),
    ];

    private static ClassDefinition[] Timing =>
    [
        new(
            InterfaceClass.Clock, 0, "Clock",
            [
                "time:datetime", "time_zone:i16", "~status:u8", "daylight_savings_begin:datetime", "daylight_savings_end:datetime",
                "daylight_savings_deviation:i8", "daylight_savings_enabled:bool", "clock_base:enum",
            ],
            "adjust_to_quarter:i8", "adjust_to_measuring_period:i8", "adjust_to_minute:i8", "adjust_to_preset_time:i8",
            "preset_adjusting_time:{datetime,datetime,datetime}", "shift_time:i16"),
        new(InterfaceClass.ScriptTable, 0, "Script table", ["scripts:[{u16,[{enum,u16,name,i8,any}]}]"], "execute:u16"),
        new(InterfaceClass.SpecialDays, 0, "Special days table", ["entries:[{u16,date,u8}]"], "insert:{u16,date,u8}", "delete:u16"),
        new(
            InterfaceClass.ActivityCalendar, 0, "Activity calendar",
            [
                "calendar_name_active:octets", "season_profile_active:[{octets,datetime,octets}]", "week_profile_table_active:[{octets,u8,u8,u8,u8,u8,u8,u8}]",
                "day_profile_table_active:[{u8,[{time,name,u16}]}]", "calendar_name_passive:octets", "season_profile_passive:[{octets,datetime,octets}]",
                "week_profile_table_passive:[{octets,u8,u8,u8,u8,u8,u8,u8}]", "day_profile_table_passive:[{u8,[{time,name,u16}]}]",
                "activate_passive_calendar_time:datetime",
            ],
            "activate_passive_calendar:i8"),
        new(
            InterfaceClass.RegisterMonitor, 0, "Register monitor", ["thresholds:[number]", "monitored_value:{u16,name,i8}", $"actions:[{{{Script},{Script}}}]"]),
        new(InterfaceClass.SingleActionSchedule, 0, "Single action schedule", [$"executed_script:{Script}", "type:enum", "execution_time:[{time,date}]"]),
        new(
            InterfaceClass.NtpSetup, 0, "NTP setup",
            ["activated:bool", "server_address:octets", "server_port:u16", "authentication_method:enum", "authentication_keys:[{u32,octets}]", "client_key:octets"],
            "synchronize:i8", "add_authentication_key:{u32,octets}", "delete_authentication_key:u32"),
    ];

    private static ClassDefinition[] Management =>
    [
        new(
            InterfaceClass.Association, 3, "Association LN",
            [
                "object_list:[{u16,u8,name,{[{i8,enum,null|[i8]}],[{i8,enum}]}}]", "associated_partners_id:{i8,u16}", "application_context_name:any",
                "xDLMS_context_info:{bits24,u16,u16,u8,i8,octets}", "authentication_mechanism_name:any", "secret:octets", "~association_status:enum",
                "security_setup_reference:octets", "user_list:[{u8,visible}]", "~current_user:{u8,visible}",
            ],
            "reply_to_HLS_authentication:octets", "change_HLS_secret:octets", "add_object:any", "remove_object:any", "add_user:{u8,visible}", "remove_user:{u8,visible}"),
        new(InterfaceClass.SapAssignment, 0, "SAP assignment", ["SAP_assignment_list:[{u16,octets}]"], "connect_logical_device:{u16,octets}"),
        new(
            InterfaceClass.ImageTransfer, 0, "Image transfer",
            [
                "image_block_size:u32", "~image_transferred_blocks_status:bits", "~image_first_not_transferred_block_number:u32", "image_transfer_enabled:bool",
                "~image_transfer_status:enum", "~image_to_activate_info:[{u32,octets,octets}]",
            ],
            "image_transfer_initiate:{octets,u32}", "image_block_transfer:{u32,octets}", "image_verify:i8", "image_activate:i8"),
        new(
            InterfaceClass.SecuritySetup, 1, "Security setup",
            ["security_policy:enum", "security_suite:enum", "~client_system_title:octets", "server_system_title:octets", "~certificates:[{enum,enum,octets,octets,octets,octets}]"],
            "security_activate:enum", "key_transfer:[{enum,octets}]", "key_agreement:[{enum,octets}]", "generate_key_pair:enum", "generate_certificate_request:enum",
            "import_certificate:octets", "export_certificate:{enum,any}", "remove_certificate:{enum,any}"),
        new(
            InterfaceClass.CommunicationPortProtection, 0, "Communication port protection",
            [
                "protection_mode:enum", "allowed_failed_attempts:u16", "initial_lockout_time:u32", "steepness_factor:u8", "max_lockout_time:u32",
                "port_reference:name", "~protection_status:enum", "~failed_attempts:u32", "~cumulative_failed_attempts:u32",
            ],
            "reset:i8"),
        new(
            InterfaceClass.FunctionControl, 0, "Function control",
            ["activation_status:[{octets,bool}]", "function_list:[{octets,[{u16,name}]}]"],
            "set_function_status:[{octets,bool}]", "add_function:{octets,[{u16,name}]}", "remove_function:{octets,[{u16,name}]}"),
        new(
            InterfaceClass.ArrayManager, 0, "Array manager", ["array_object_list:[{u8,{u16,name,i8}}]"],
            "retrieve_number_of_entries:u8", "retrieve_entries:{u8,{u16,u16}}", "insert_entry:{u8,u16,any}", "update_entry:{u8,u16,any}", "remove_entries:{u8,{u16,u16}}"),
    ];
}
