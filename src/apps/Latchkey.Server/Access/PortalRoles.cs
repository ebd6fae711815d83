namespace Latchkey.Server.Access;

/// <summary>Who may do what: an operator runs the park, a tenant sees one tenancy, a cashier sells for one vendor, an API client holds a key.</summary>
public static class PortalRoles
{
    public const string Operator = "operator";
    public const string Tenant = "tenant";

    /// <summary>A vendor's cashier.</summary>
    public const string Vendor = "vendor";
    public const string ApiClient = "api-client";

    /// <summary>The claim that names the tenancy of a tenant.</summary>
    public const string TenantClaim = "latchkey:tenant";

    /// <summary>The claim that names the vendor of a cashier.</summary>
    public const string VendorClaim = "latchkey:vendor";

    public const string ApiKeyScheme = "ApiKey";
}
