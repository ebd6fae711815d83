using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Latchkey.Server.Portal.Layout;

/// <summary>The document around every page. Sign-in and errors are plain pages; all others are alive.</summary>
public sealed partial class App
{
    private bool _dark;

    [CascadingParameter] private HttpContext Context { get; set; } = null!;

    private IComponentRenderMode? Mode => Context.AcceptsInteractiveRouting() ? RenderMode.InteractiveServer : null;

    protected override void OnInitialized() => _dark = Context.Request.Cookies[Palette.Cookie] == Palette.Dark;
}
