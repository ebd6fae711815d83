using Latchkey.Server.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Latchkey.Server.Portal.TopUps;

/// <summary>A page of one tenant. Who that is comes from the sign-in alone, never from the address.</summary>
public abstract class TenantPage : LivePage
{
    [CascadingParameter] private Task<AuthenticationState> Reader { get; set; } = null!;

    protected string TenantId { get; private set; } = string.Empty;

    protected override async Task OnInitializedAsync() =>
        TenantId = (await Reader).User.FindFirst(PortalRoles.TenantClaim)?.Value ?? throw new InvalidOperationException("A tenant without a tenancy is signed in.");
}
