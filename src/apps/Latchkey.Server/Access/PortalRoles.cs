namespace Latchkey.Server.Access;

/// <summary>Who may do what: an operator runs the park, a tenant sees one tenancy, an API client holds a key.</summary>
public static class PortalRoles
{
    public const string Operator = "operator";
    public const string Tenant = "tenant";
    public const string ApiClient = "api-client";

    /// <summary>The claim that names the tenancy of a tenant.</summary>
    public const string TenantClaim = "latchkey:tenant";

    public const string ApiKeyScheme = "ApiKey";
}
