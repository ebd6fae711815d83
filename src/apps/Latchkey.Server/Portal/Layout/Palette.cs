using MudBlazor;

namespace Latchkey.Server.Portal.Layout;

/// <summary>The portal's colours and type, light and dark.</summary>
public static class Palette
{
    public const string Cookie = "latchkey.palette";
    public const string Light = "light";
    public const string Dark = "dark";

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b6b62", PrimaryContrastText = "#ffffff", Secondary = "#3f5b73", Background = "#f4f6f5", Surface = "#ffffff", AppbarBackground = "#ffffff",
            AppbarText = "#17221f", DrawerBackground = "#ffffff", DrawerText = "#3c4a46", DrawerIcon = "#5d6b67", TextPrimary = "#17221f", TextSecondary = "#56645f",
            Success = "#157347", Warning = "#a15c07", Error = "#b3261e", Info = "#22577a", LinesDefault = "#dfe5e2", TableLines = "#e6ebe9", Divider = "#e3e8e6",
            ActionDefault = "#56645f",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#4fd1bd", PrimaryContrastText = "#06231f", Secondary = "#9db8cf", Background = "#101715", Surface = "#18211e", AppbarBackground = "#18211e",
            AppbarText = "#e6eeeb", DrawerBackground = "#18211e", DrawerText = "#c4d0cb", DrawerIcon = "#93a29c", TextPrimary = "#e6eeeb", TextSecondary = "#a3b2ac",
            Success = "#63d297", Warning = "#f0b357", Error = "#ff8a80", Info = "#8cc4ea", LinesDefault = "#2b3733", TableLines = "#26312d", Divider = "#27322e",
            ActionDefault = "#a3b2ac",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "10px", DrawerWidthLeft = "224px", AppbarHeight = "60px" },
        Typography = new Typography
        {
            // The reader's own system fonts: nothing to fetch, and Chinese looks as it does elsewhere on the phone.
            Default = new DefaultTypography { FontFamily = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"], FontSize = ".94rem" },
            Button = new ButtonTypography { TextTransform = "none", FontWeight = "600" },
            H4 = new H4Typography { FontSize = "1.65rem", FontWeight = "650", LetterSpacing = "-.015em" },
            H5 = new H5Typography { FontSize = "1.3rem", FontWeight = "650", LetterSpacing = "-.01em" },
            H6 = new H6Typography { FontSize = "1.05rem", FontWeight = "650" },
        },
    };

    internal static string? Known(string name) => name is Light or Dark ? name : null;
}
