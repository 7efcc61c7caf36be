// A page that shows work under way looks again by itself.
if (document.querySelector("[data-running]")) {
  setTimeout(() => location.reload(), 2000);
}
