namespace Latchkey.Server.Access;

/// <summary>A person who may sign in.</summary>
/// <param name="Name">The sign-in name, lower case.</param>
/// <param name="Password">As <see cref="PasswordHash"/> writes it.</param>
/// <param name="TenantId">The tenancy of a tenant; null for all others.</param>
/// <param name="Vendor">The code of the vendor that a cashier sells for; null for all others.</param>
/// <param name="IsDisabled">True where nobody can sign in with it until it is reset.</param>
public sealed record PortalAccount(string Name, string DisplayName, string Role, string Password, string? TenantId, string? Vendor = null, bool IsDisabled = false);

/// <summary>A program that may call the API; the key itself is kept only as its SHA-256.</summary>
public sealed record ApiClientAccount(string Name, string KeySha256);

/// <summary>What a sign-in came to.</summary>
public abstract record SignInOutcome
{
    public sealed record Welcome(PortalAccount Account) : SignInOutcome;

    public sealed record Wrong : SignInOutcome;

    /// <param name="Wait">How long until another try is looked at.</param>
    public sealed record TooMany(TimeSpan Wait) : SignInOutcome;
}
