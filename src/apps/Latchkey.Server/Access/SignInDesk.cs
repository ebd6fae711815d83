using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Latchkey.Server.Access;

/// <summary>Checks a name and a password, slowly enough for people and too slowly for guessers.</summary>
public sealed class SignInDesk(AccountBook accounts, SignInThrottle throttle)
{
    public SignInOutcome Try(string name, string password, string address)
    {
        TimeSpan wait = throttle.Wait(name, address);
        if (wait > TimeSpan.Zero) return new SignInOutcome.TooMany(wait);
        if (accounts.Find(name, password) is { } account)
        {
            throttle.Succeeded(name);
            return new SignInOutcome.Welcome(account);
        }

        throttle.Failed(name, address);
        return new SignInOutcome.Wrong();
    }

    public static ClaimsPrincipal PrincipalOf(PortalAccount account)
    {
        List<Claim> claims = [new(ClaimTypes.Name, account.Name), new(ClaimTypes.GivenName, account.DisplayName), new(ClaimTypes.Role, account.Role)];
        if (account.TenantId is { } tenant) claims.Add(new Claim(PortalRoles.TenantClaim, tenant));
        if (account.Vendor is { } vendor) claims.Add(new Claim(PortalRoles.VendorClaim, vendor));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
    }
}
